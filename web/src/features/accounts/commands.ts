import { useMutation } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { cache, keys } from '~/api/cache';
import { api, read } from '~/api/client';
import { useIntention } from '~/api/intention';
import { line } from '~/api/live';
import type { components } from '~/api/schema';
import { rememberSession } from '~/api/session';
import type { Account } from './queries';

export type Registration = components['schemas']['RegisterRequest'];
export type SignIn = components['schemas']['SignInRequest'];

/** Begins the session of an account. Cached lessons show what another person may see. */
function begin(account: Account) {
  rememberSession(true);
  cache.removeQueries({ queryKey: keys.lessons });
  cache.setQueryData(keys.account, account);
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
      rememberSession(false);
      line.close();
      cache.setQueryData(keys.account, null);
      cache.removeQueries({ queryKey: keys.lessons });
      await router.navigate({ to: '/' });
    },
  });
}
