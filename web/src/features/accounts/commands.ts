import { useMutation } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { cache, keys } from '~/api/cache';
import { api, read } from '~/api/client';
import { useIntention } from '~/api/intention';
import { line } from '~/api/live';
import type { components } from '~/api/schema';
import { markSessionEnded, rememberSession } from '~/api/session';
import type { Account } from './queries';

export type Registration = components['schemas']['RegisterRequest'];
export type SignIn = components['schemas']['SignInRequest'];

const isShared = (key: unknown) => key === keys.dictionaries[0] || key === keys.teachers[0];

/** Drops all that only the person of the last session may see. */
function forget() {
  cache.removeQueries({ predicate: ({ queryKey }) => !isShared(queryKey[0]) && queryKey[0] !== 'account' });
}

/** Begins the session of an account. The same person goes on where the last session ended. */
function begin(account: Account) {
  const before = cache.getQueryData<Account | null>(keys.account);
  rememberSession(true);
  markSessionEnded(false);
  if (before?.id === account.id) void cache.invalidateQueries();
  else forget();
  cache.setQueryData(keys.account, account);
}

/** Makes a stranger of the person whose session has ended. */
export function leave() {
  rememberSession(false);
  markSessionEnded(false);
  line.close();
  cache.setQueryData(keys.account, null);
  forget();
}

export function useRegister() {
  const intention = useIntention();
  return useMutation({
    mutationFn: (body: Registration) =>
      read(api.POST('/api/v1/accounts', { body, headers: intention.headers(body) })),
    onSuccess: ({ account }) => {
      intention.answered();
      begin(account);
    },
    onError: intention.failed,
  });
}

export function useSignIn() {
  return useMutation({
    mutationFn: (body: SignIn) => read(api.POST('/api/v1/session', { body })),
    onSuccess: ({ account }) => begin(account),
  });
}

export function useSignOut() {
  const router = useRouter();
  return useMutation({
    mutationFn: () => read(api.DELETE('/api/v1/session')),
    onSuccess: async () => {
      leave();
      await router.navigate({ to: '/' });
    },
  });
}
