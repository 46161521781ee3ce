import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { keys } from '~/api/cache';
import { api, read } from '~/api/client';
import type { components } from '~/api/schema';

export type OwnTicket = components['schemas']['OwnTicket'];
export type OwnTicketRow = components['schemas']['OwnTicketRow'];
export type TicketReply = components['schemas']['TicketReply'];

export const ownTicketsQuery = infiniteQueryOptions({
  queryKey: [...keys.tickets, 'list'],
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam }) =>
    read(api.GET('/api/v1/tickets', { params: { query: { limit: 25, cursor: pageParam } } })),
  getNextPageParam: (page) => page.page.next_cursor ?? undefined,
});

export const ownTicketQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.tickets, 'one', id],
    queryFn: () => read(api.GET('/api/v1/tickets/{id}', { params: { path: { id } } })),
  });
