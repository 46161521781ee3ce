import { queryOptions } from '@tanstack/react-query';
import { keys } from '~/api/cache';
import { api, read } from '~/api/client';
import type { components } from '~/api/schema';

export type Home = components['schemas']['Home'];
export type TeacherHome = components['schemas']['TeacherHome'];

const MOST = 100;

/** Reads all that the home page shows, in one call. */
export const homeQuery = queryOptions({
  queryKey: keys.home,
  queryFn: () => read(api.GET('/api/v1/me/home')),
});

/** Lessons of the caller that overlap `[from, to)`, the latest first, at most a hundred. */
export const recentLessonsQuery = (from: string, to: string) =>
  queryOptions({
    queryKey: [...keys.lessons, 'recent', from, to],
    queryFn: () =>
      read(api.GET('/api/v1/lessons', { params: { query: { from, to, sort: '-starts_at', limit: MOST } } })),
  });

/** The conversations with the latest activity. */
export const latestConversationsQuery = queryOptions({
  queryKey: [...keys.conversations, 'latest'],
  queryFn: async () =>
    (await read(api.GET('/api/v1/conversations', { params: { query: { archived: false, limit: 3 } } }))).data,
});
