import { queryOptions } from '@tanstack/react-query';
import { cache, keys } from '~/api/cache';
import { api, read } from '~/api/client';
import { useCommand } from '~/api/command';

/** Mails a link to set a new password. The answer is the same for an address without an account. */
export function useRecoverPassword() {
  return useCommand(
    (body: { email: string }, headers) => read(api.POST('/api/v1/password-recoveries', { body, headers })),
    [],
  );
}

/** Sets a password by a mailed link. All sessions end, one of this browser too. */
export function useSetPassword(token: string) {
  return useCommand(
    (new_password: string, headers) =>
      read(
        api.POST('/api/v1/password-recoveries/{token}', {
          params: { path: { token } },
          body: { new_password },
          headers,
        }),
      ),
    [keys.account],
  );
}

/** Verifies an address as the page of the mailed link opens. The link works repeatedly. */
export const verificationQuery = (token: string) =>
  queryOptions({
    queryKey: [...keys.settings, 'verification', token],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const answer = await read(
        api.POST('/api/v1/email-verifications/{token}', { params: { path: { token } } }),
      );
      void cache.invalidateQueries({ queryKey: keys.account });
      return answer;
    },
  });

/** Mails the link to verify the address of the caller again. */
export function useMailVerification() {
  return useCommand(
    (_: undefined, headers) => read(api.POST('/api/v1/me/email/verification', { headers })),
    [keys.account],
  );
}
