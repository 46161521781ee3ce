import { QueryClient } from '@tanstack/react-query';
import { ProblemError } from './problem';

export const cache = new QueryClient({
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
