import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { cache, keys } from '~/api/cache';
import { api, read } from '~/api/client';
import type { components } from '~/api/schema';
import { homeQuery } from '~/features/scheduling/home/queries';

export type Notification = components['schemas']['Notification'];
export type Preference = components['schemas']['NotificationPreference'];
export type QuietHours = components['schemas']['QuietHours'];

export const notificationsQuery = (unread: boolean) =>
  infiniteQueryOptions({
    queryKey: [...keys.notifications, 'list', unread],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      read(
        api.GET('/api/v1/notifications', {
          params: { query: { unread: unread || undefined, limit: 30, cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.page.next_cursor ?? undefined,
  });

/** The number of unread notifications. A home page that was just loaded has brought it along. */
export const unreadQuery = queryOptions({
  queryKey: [...keys.notifications, 'unread'],
  queryFn: async () => {
    if (cache.isFetching({ queryKey: homeQuery.queryKey, exact: true })) {
      const home = await cache.fetchQuery(homeQuery);
      return { count: home.unread.notifications };
    }
    return read(api.GET('/api/v1/notifications/unread-count'));
  },
  initialData: () => {
    const home = cache.getQueryData(homeQuery.queryKey);
    return home && { count: home.unread.notifications };
  },
  initialDataUpdatedAt: () => cache.getQueryState(homeQuery.queryKey)?.dataUpdatedAt,
});

export const deliveriesQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.notifications, 'deliveries', id],
    queryFn: () => read(api.GET('/api/v1/notifications/{id}/deliveries', { params: { path: { id } } })),
  });

export const preferencesQuery = queryOptions({
  queryKey: ['preferences'],
  queryFn: () => read(api.GET('/api/v1/notification-preferences')),
});

export const quietHoursQuery = queryOptions({
  queryKey: ['quiet-hours'],
  queryFn: async (): Promise<QuietHours | null> =>
    (await read(api.GET('/api/v1/notification-preferences/quiet-hours'))) ?? null,
});
