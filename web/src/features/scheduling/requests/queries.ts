import { infiniteQueryOptions } from '@tanstack/react-query';
import { keys } from '~/api/cache';
import { api, read } from '~/api/client';
import type { components } from '~/api/schema';

export type LessonRequest = components['schemas']['LessonRequest'];
export type Matching = components['schemas']['Matching'];
export type WaitlistEntry = components['schemas']['WaitlistEntry'];

/** The caller's own requests, or those that the calling teacher may accept. */
export const requestsQuery = (forMe: boolean) =>
  infiniteQueryOptions({
    queryKey: [...keys.requests, forMe],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      read(
        api.GET('/api/v1/lesson-requests', {
          params: { query: { for: forMe ? 'me' : undefined, limit: 25, cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.page.next_cursor ?? undefined,
  });

/** Reads which teachers were asked, and page by page why others were not. */
export const matchingQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...keys.requests, 'matching', id],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      read(
        api.GET('/api/v1/lesson-requests/{id}/matching', {
          params: { path: { id }, query: { limit: 25, cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.page.next_cursor ?? undefined,
  });

export const waitlistQuery = infiniteQueryOptions({
  queryKey: keys.waitlist,
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam }) =>
    read(api.GET('/api/v1/waitlist', { params: { query: { limit: 25, cursor: pageParam } } })),
  getNextPageParam: (page) => page.page.next_cursor ?? undefined,
});
