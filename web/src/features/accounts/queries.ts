import { queryOptions, useQuery } from '@tanstack/react-query';
import { keys } from '~/api/cache';
import { api, read } from '~/api/client';
import { ProblemError } from '~/api/problem';
import type { components } from '~/api/schema';
import { store, stored } from '~/ui/stored';

export type Account = components['schemas']['Account'];

/** The cookie cannot be read here. This says whether asking for the account makes sense at all. */
export function rememberSession(open: boolean) {
  store('session', open ? 'open' : null);
}

export const accountQuery = queryOptions({
  queryKey: keys.account,
  staleTime: 60_000,
  queryFn: async (): Promise<Account | null> => {
    if (stored('session') === null) return null;
    try {
      return await read(api.GET('/api/v1/me'));
    } catch (error) {
      if (!(error instanceof ProblemError) || error.status !== 401) throw error;
      rememberSession(false);
      return null;
    }
  },
});

/** The account of the person, or null for a stranger. */
export function useAccount(): Account | null {
  return useQuery(accountQuery).data ?? null;
}
