import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { keys } from '~/api/cache';
import { api, read } from '~/api/client';
import type { components } from '~/api/schema';
import { type TeacherSearch, toQuery } from './search';

export type TeacherCard = components['schemas']['TeacherCard'];
export type FreeSlot = components['schemas']['FreeSlot'];
export type Slot = components['schemas']['Slot'];
export type Lesson = components['schemas']['Lesson'];
export type Booking = components['schemas']['Booking'];
export type Review = components['schemas']['Review'];
export type LessonStatus = 'scheduled' | 'started' | 'completed' | 'cancelled';

const MOST = 100;
/** Teachers that are read at once. */
const CARDS = 24;

/** The catalogue, page by page, with the number of all that match. */
export function teachersQuery(search: TeacherSearch, zone: string) {
  return infiniteQueryOptions({
    queryKey: [...keys.teachers, 'list', search, zone],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      read(
        api.GET('/api/v1/teachers', {
          params: {
            query: {
              ...toQuery(search, zone, new Date()),
              limit: CARDS,
              cursor: pageParam,
              include: 'total',
            },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

export const teacherQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.teachers, 'one', id],
    queryFn: () => read(api.GET('/api/v1/teachers/{id}', { params: { path: { id } } })),
  });

/** Bookable times of a teacher that begin in `[from, to)`. */
export const slotsQuery = (id: string, from: Date, to: Date) =>
  queryOptions({
    queryKey: [...keys.teachers, 'slots', id, from.toISOString(), to.toISOString()],
    queryFn: async () => {
      const query = { from: from.toISOString(), to: to.toISOString(), limit: MOST };
      const page = await read(api.GET('/api/v1/teachers/{id}/slots', { params: { path: { id }, query } }));
      return page.data;
    },
    placeholderData: keepPreviousData,
  });

export const reviewsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...keys.teachers, 'reviews', id],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      read(
        api.GET('/api/v1/teachers/{id}/reviews', {
          params: { path: { id }, query: { limit: 6, cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.page.next_cursor ?? undefined,
  });

export const lessonsQuery = (filter: {
  status?: LessonStatus;
  from?: string;
  to?: string;
  sort?: 'starts_at' | '-starts_at';
}) =>
  infiniteQueryOptions({
    queryKey: [...keys.lessons, 'list', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      read(
        api.GET('/api/v1/lessons', {
          params: { query: { ...filter, limit: MOST, cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.page.next_cursor ?? undefined,
  });

/** Lessons of a tab: what is to come is read from its beginning, what was from its end. */
export const lessonsOfTab = (status: LessonStatus) =>
  lessonsQuery({ status, sort: status === 'scheduled' ? 'starts_at' : '-starts_at' });

export const lessonQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.lessons, 'one', id],
    queryFn: () => read(api.GET('/api/v1/lessons/{id}', { params: { path: { id } } })),
  });
