import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { keys } from '~/api/cache';
import { api, read } from '~/api/client';
import type { components } from '~/api/schema';

export type StudentSummary = components['schemas']['StudentSummary'];
export type Student = components['schemas']['Student'];

export type StudentSort = components['schemas']['StudentSort'];
export const STUDENT_SORTS: readonly StudentSort[] = [
  'name',
  'next_lesson_at',
  '-last_lesson_at',
  '-lessons_held',
];

export interface StudentSearch {
  q?: string;
  sort?: StudentSort;
}

/** The students of the calling teacher. */
export const studentsQuery = (search: StudentSearch) =>
  infiniteQueryOptions({
    queryKey: [...keys.lessons, 'students', search],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      read(
        api.GET('/api/v1/students', {
          params: { query: { ...search, limit: 50, cursor: pageParam, include: 'total' } },
        }),
      ),
    getNextPageParam: (page) => page.page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });

export const studentQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.lessons, 'student', id],
    queryFn: () => read(api.GET('/api/v1/students/{id}', { params: { path: { id } } })),
  });

/** Lessons of the teacher with one student, the latest first. */
export const lessonsWithQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...keys.lessons, 'with', id],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      read(
        api.GET('/api/v1/lessons', {
          params: { query: { with: id, sort: '-starts_at', limit: 25, cursor: pageParam } },
        }),
      ),
    getNextPageParam: (page) => page.page.next_cursor ?? undefined,
  });
