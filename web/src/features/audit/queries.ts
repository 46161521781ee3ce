import { infiniteQueryOptions } from '@tanstack/react-query';
import { keys } from '~/api/cache';
import { api, read } from '~/api/client';
import type { components } from '~/api/schema';

export type EventEnvelope = components['schemas']['EventEnvelope'];

export interface EventFilter {
  stream_type?: string;
  stream_id?: string;
  type?: string;
  actor?: string;
}

/** Events of the log, from its begin. Every read is recorded. */
export const eventsQuery = (filter: EventFilter, after: number | undefined) =>
  infiniteQueryOptions({
    queryKey: [...keys.audit, filter, after],
    initialPageParam: after,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ pageParam }) =>
      read(
        api.GET('/api/v1/audit/events', { params: { query: { ...filter, after: pageParam, limit: 50 } } }),
      ),
    getNextPageParam: (page) => (page.page.has_more ? page.data.at(-1)?.position : undefined),
  });
