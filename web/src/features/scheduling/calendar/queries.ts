import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { keys } from '~/api/cache';
import { api, read } from '~/api/client';
import type { components } from '~/api/schema';
import type { Lesson, Slot } from '../queries';

export type Series = components['schemas']['Series'];
export type Occurrence = components['schemas']['SeriesOccurrence'];

const MOST = 100;
const MOST_PAGES = 10;

interface Page<T> {
  data: T[];
  page: { next_cursor?: string | null };
}

async function all<T>(next: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { data, page: info } = await next(cursor);
    items.push(...data);
    if (!info.next_cursor) break;
    cursor = info.next_cursor;
  }
  return items;
}

/** Lessons of the caller that overlap `[from, to)`. */
export const calendarLessonsQuery = (from: string, to: string) =>
  queryOptions({
    queryKey: [...keys.lessons, 'calendar', from, to],
    queryFn: (): Promise<Lesson[]> =>
      all((cursor) =>
        read(api.GET('/api/v1/lessons', { params: { query: { from, to, limit: MOST, cursor } } })),
      ),
    placeholderData: keepPreviousData,
  });

/** Slots of the calling teacher in `[from, to)`. */
export const ownSlotsQuery = (from: string, to: string) =>
  queryOptions({
    queryKey: [...keys.slots, from, to],
    queryFn: (): Promise<Slot[]> =>
      all((cursor) =>
        read(api.GET('/api/v1/slots', { params: { query: { from, to, limit: MOST, cursor } } })),
      ),
    placeholderData: keepPreviousData,
  });

/** A slot as it is now. */
export const slotQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.slots, 'one', id],
    queryFn: () => read(api.GET('/api/v1/slots/{id}', { params: { path: { id } } })),
  });

export const seriesQuery = queryOptions({
  queryKey: [...keys.slots, 'series'],
  queryFn: (): Promise<Series[]> =>
    all((cursor) => read(api.GET('/api/v1/series', { params: { query: { limit: MOST, cursor } } }))),
});
