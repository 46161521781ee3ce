import { infiniteQueryOptions } from '@tanstack/react-query';
import { keys } from '~/api/cache';
import { api, read } from '~/api/client';
import type { components } from '~/api/schema';

export type Class = components['schemas']['Class'];

export const classesQuery = infiniteQueryOptions({
  queryKey: keys.classes,
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam }) =>
    read(api.GET('/api/v1/classes', { params: { query: { limit: 25, cursor: pageParam } } })),
  getNextPageParam: (page) => page.page.next_cursor ?? undefined,
});
