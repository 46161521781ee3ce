import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ProblemError } from './problem';
import { rememberSession } from './session';

/** An ended session makes a stranger of the person, wherever it is found out. */
function noticeEnd(error: unknown) {
  const ended = error instanceof ProblemError && error.code === 'unauthenticated';
  if (!ended) return;
  rememberSession(false);
  cache.setQueryData(keys.account, null);
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
};
