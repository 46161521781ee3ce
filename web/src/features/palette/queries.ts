import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { keys } from '~/api/cache';
import { api, read } from '~/api/client';

const FEW = 5;
const MOST = 100;

export const foundTeachersQuery = (q: string) =>
  queryOptions({
    queryKey: [...keys.teachers, 'found', q],
    queryFn: async () =>
      (await read(api.GET('/api/v1/teachers', { params: { query: { q, limit: FEW } } }))).data,
    placeholderData: keepPreviousData,
  });

/** The next lessons; words are looked for among them. */
export const comingLessonsQuery = queryOptions({
  queryKey: [...keys.lessons, 'coming'],
  queryFn: async () =>
    (await read(api.GET('/api/v1/lessons', { params: { query: { status: 'scheduled', limit: MOST } } })))
      .data,
});

export const foundUsersQuery = (q: string) =>
  queryOptions({
    queryKey: [...keys.crm, 'users', 'found', q],
    queryFn: async () =>
      (await read(api.GET('/api/v1/crm/users', { params: { query: { q, limit: FEW } } }))).data,
    placeholderData: keepPreviousData,
  });

export const foundTicketsQuery = (q: string) =>
  queryOptions({
    queryKey: [...keys.crm, 'tickets', 'found', q],
    queryFn: async () =>
      (await read(api.GET('/api/v1/crm/tickets', { params: { query: { q, limit: FEW } } }))).data,
    placeholderData: keepPreviousData,
  });
