import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { keys } from '~/api/cache';
import { api, read } from '~/api/client';
import type { components } from '~/api/schema';

export type Conversation = components['schemas']['Conversation'];
export type Message = components['schemas']['Message'];
export type Attachment = components['schemas']['Attachment'];

const PAGE = 50;

export const conversationsQuery = (archived: boolean) =>
  infiniteQueryOptions({
    queryKey: [...keys.conversations, 'list', archived],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      read(
        api.GET('/api/v1/conversations', {
          params: { query: { archived, limit: PAGE, cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.page.next_cursor ?? undefined,
  });

export const conversationQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.conversations, 'one', id],
    queryFn: () => read(api.GET('/api/v1/conversations/{id}', { params: { path: { id } } })),
  });

/** Messages from the latest backwards; each page in order of their numbers. */
export const messagesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...keys.conversations, 'messages', id],
    initialPageParam: undefined as number | undefined,
    queryFn: async ({ pageParam }) => {
      const query = { before: pageParam, limit: PAGE };
      const page = await read(
        api.GET('/api/v1/conversations/{id}/messages', { params: { path: { id }, query } }),
      );
      return { ...page, data: page.data.toSorted((a, b) => a.sequence - b.sequence) };
    },
    getNextPageParam: (page) => (page.data.length === PAGE ? page.data[0]?.sequence : undefined),
  });

export const searchQuery = (q: string) =>
  queryOptions({
    queryKey: [...keys.conversations, 'search', q],
    queryFn: () => read(api.GET('/api/v1/messages/search', { params: { query: { q, limit: 25 } } })),
  });
