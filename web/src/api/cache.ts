import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ProblemError } from './problem';
import { markSessionEnded, rememberSession } from './session';

/** Notices the end of the session, wherever it is found out. What was typed stays: the page asks to sign in again. */
export function noticeEnd(error: unknown) {
  const ended = error instanceof ProblemError && error.code === 'unauthenticated';
  if (!ended) return;
  if (cache.getQueryData(keys.account)) markSessionEnded(true);
  else rememberSession(false);
}

export const cache: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeEnd }),
  mutationCache: new MutationCache({ onError: noticeEnd }),
  defaultOptions: {
    // Without a network a request fails at once and says so; nothing is sent later behind one's back.
    queries: {
      networkMode: 'always',
      staleTime: 30_000,
      refetchOnWindowFocus: true,
      retry: (failures, error) => error instanceof ProblemError && error.isPassing && failures < 2,
      retryDelay: (failures, error) => {
        const asked = error instanceof ProblemError ? error.retryAfterSeconds : null;
        return Math.min(asked === null ? 400 * 2 ** failures : asked * 1000, 5_000);
      },
    },
    mutations: { networkMode: 'always', retry: false },
  },
});

/** First words of the keys: what a live frame can say has changed. */
export const keys = {
  account: ['account'] as const,
  dictionaries: ['dictionaries'] as const,
  teachers: ['teachers'] as const,
  lessons: ['lessons'] as const,
  // Changes of lessons change it too.
  home: ['lessons', 'home'] as const,
  slots: ['slots'] as const,
  requests: ['requests'] as const,
  waitlist: ['waitlist'] as const,
  classes: ['classes'] as const,
  conversations: ['conversations'] as const,
  notifications: ['notifications'] as const,
  tickets: ['tickets'] as const,
  crm: ['crm'] as const,
  admin: ['admin'] as const,
  audit: ['audit'] as const,
  settings: ['settings'] as const,
};
