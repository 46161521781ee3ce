import { queryOptions, useQuery } from '@tanstack/react-query';
import { cache, keys } from '~/api/cache';
import { api, read } from '~/api/client';
import { ProblemError } from '~/api/problem';
import type { components } from '~/api/schema';
import { hadSession, markSessionEnded, rememberSession } from '~/api/session';

export type Account = components['schemas']['Account'];

export const accountQuery = queryOptions({
  queryKey: keys.account,
  staleTime: 60_000,
  queryFn: async (): Promise<Account | null> => {
    if (!hadSession()) return null;
    try {
      return await read(api.GET('/api/v1/me'));
    } catch (error) {
      if (!(error instanceof ProblemError) || error.status !== 401) throw error;
      const known = cache.getQueryData<Account>(keys.account);
      if (known) {
        markSessionEnded(true);
        return known;
      }
      rememberSession(false);
      return null;
    }
  },
});

/** The account of the person, or null for a stranger. */
export function useAccount(): Account | null {
  return useQuery(accountQuery).data ?? null;
}
