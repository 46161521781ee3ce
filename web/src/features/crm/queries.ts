import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { keys } from '~/api/cache';
import { api, read } from '~/api/client';
import type { components, paths } from '~/api/schema';

export type Dashboard = components['schemas']['CrmDashboard'];
export type CrmTicket = components['schemas']['CrmTicket'];
export type TicketDetail = components['schemas']['CrmTicketDetail'];
export type Contacts = components['schemas']['RevealedContacts'];
export type CrmUser = components['schemas']['CrmUser'];
export type SavedView = components['schemas']['SavedView'];
export type CannedReply = components['schemas']['CannedReply'];

export interface TicketFilter {
  status?: string;
  priority?: string;
  assignee?: string;
  sla?: string;
  q?: string;
  sort?: string;
}

export interface UserFilter {
  type?: string;
  status?: string;
  q?: string;
  sort?: string;
}

type TicketsQuery = NonNullable<paths['/api/v1/crm/tickets']['get']['parameters']['query']>;
type UsersQuery = NonNullable<paths['/api/v1/crm/users']['get']['parameters']['query']>;

/** The past instant that the page shows; without it, the present. */
export type AsOf = string | undefined;
export const dashboardQuery = (as_of: AsOf) =>
  queryOptions({
    queryKey: [...keys.crm, 'dashboard', as_of],
    queryFn: () => read(api.GET('/api/v1/crm/dashboard', { params: { query: { as_of } } })),
    placeholderData: keepPreviousData,
  });

export const ticketsQuery = (filter: TicketFilter, as_of: AsOf) =>
  infiniteQueryOptions({
    queryKey: [...keys.crm, 'tickets', filter, as_of],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      read(
        api.GET('/api/v1/crm/tickets', {
          params: {
            query: { ...(filter as TicketsQuery), as_of, limit: 50, cursor: pageParam, include: 'total' },
          },
        }),
      ),
    placeholderData: keepPreviousData,
    getNextPageParam: (page) => page.page.next_cursor ?? undefined,
  });

export const ticketQuery = (id: string, as_of: AsOf) =>
  queryOptions({
    queryKey: [...keys.crm, 'ticket', id, as_of],
    queryFn: () => read(api.GET('/api/v1/crm/tickets/{id}', { params: { path: { id }, query: { as_of } } })),
  });

export const usersQuery = (filter: UserFilter, as_of: AsOf) =>
  infiniteQueryOptions({
    queryKey: [...keys.crm, 'users', filter, as_of],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      read(
        api.GET('/api/v1/crm/users', {
          params: {
            query: { ...(filter as UsersQuery), as_of, limit: 50, cursor: pageParam, include: 'total' },
          },
        }),
      ),
    placeholderData: keepPreviousData,
    getNextPageParam: (page) => page.page.next_cursor ?? undefined,
  });

export const userQuery = (id: string, as_of: AsOf) =>
  queryOptions({
    queryKey: [...keys.crm, 'user', id, as_of],
    queryFn: () => read(api.GET('/api/v1/crm/users/{id}', { params: { path: { id }, query: { as_of } } })),
  });

export const timelineQuery = (id: string, as_of: AsOf) =>
  infiniteQueryOptions({
    queryKey: [...keys.crm, 'timeline', id, as_of],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      read(
        api.GET('/api/v1/crm/users/{id}/timeline', {
          params: { path: { id }, query: { as_of, limit: 50, cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.page.next_cursor ?? undefined,
  });

export const userTicketsQuery = (id: string, as_of: AsOf) =>
  infiniteQueryOptions({
    queryKey: [...keys.crm, 'user-tickets', id, as_of],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      read(
        api.GET('/api/v1/crm/users/{id}/tickets', {
          params: { path: { id }, query: { as_of, limit: 25, cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.page.next_cursor ?? undefined,
  });

export const viewsQuery = queryOptions({
  queryKey: [...keys.crm, 'views'],
  queryFn: async () => (await read(api.GET('/api/v1/crm/views'))).data,
});

export const cannedQuery = queryOptions({
  queryKey: [...keys.crm, 'canned'],
  queryFn: async () => (await read(api.GET('/api/v1/crm/canned-replies'))).data,
});
