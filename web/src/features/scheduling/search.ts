import type { paths } from '~/api/schema';
import { addDays, dayOf } from '~/ui/zones';

export const DAYS = ['today', 'tomorrow', 'two_days', 'week', 'weekend'] as const;
export const TIMES = ['morning', 'day', 'evening'] as const;
export const SORTS = ['next_free', '-rating', 'min_price', '-created_at'] as const;
export const PRICES = [1000, 1500, 2000, 2500, 3000] as const;
export const RATINGS = [4, 4.5] as const;
export const FORMATS = ['online', 'offline', 'mini_group'] as const;

/** Filters of a search, as they stand in the address. */
export interface TeacherSearch {
  q?: string;
  subject?: string;
  goal?: string;
  grade?: string;
  format?: (typeof FORMATS)[number];
  days?: (typeof DAYS)[number];
  time?: (typeof TIMES)[number];
  /** Whole roubles. */
  price?: number;
  rating?: number;
  sort?: (typeof SORTS)[number];
  /** Also those who have no free time now. */
  all?: true;
}

type TeachersQuery = NonNullable<paths['/api/v1/teachers']['get']['parameters']['query']>;

const one = <T extends string>(known: readonly T[], value: unknown): T | undefined =>
  known.find((name) => name === value);
const code = (value: unknown) => {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^[a-z0-9_]{1,40}$/.test(text) ? text : undefined;
};
const number = (value: unknown, from: number, to: number) => {
  const asked = Number(value);
  return asked >= from && asked <= to ? asked : undefined;
};

/** Reads the address; what it does not know is dropped. */
export function parseSearch(raw: Record<string, unknown>): TeacherSearch {
  const search: TeacherSearch = {
    q: raw.q != null && raw.q !== '' ? String(raw.q).slice(0, 100) : undefined,
    subject: code(raw.subject),
    goal: code(raw.goal),
    grade: code(raw.grade),
    format: one(FORMATS, raw.format),
    days: one(DAYS, raw.days),
    time: one(TIMES, raw.time),
    price: number(raw.price, 1, 1_000_000),
    rating: number(raw.rating, 1, 5),
    sort: one(SORTS, raw.sort),
    all: raw.all === true ? true : undefined,
  };
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined));
}

const CLOCK: Record<(typeof TIMES)[number], [from: string | undefined, to: string | undefined]> = {
  morning: ['05:00', '12:00'],
  day: ['12:00', '17:00'],
  evening: ['17:00', '23:59'],
};

/** First and last day of the choice, in the zone of the visitor. */
export function daysOf(choice: (typeof DAYS)[number], now: Date, zone: string): [from: string, to: string] {
  const today = dayOf(now, zone);
  if (choice === 'today') return [today, today];
  if (choice === 'tomorrow') return [addDays(today, 1), addDays(today, 1)];
  if (choice === 'two_days') return [today, addDays(today, 1)];
  if (choice === 'week') return [today, addDays(today, 6)];
  const weekday = new Date(`${today}T00:00:00Z`).getUTCDay();
  if (weekday === 0) return [today, today];
  const saturday = addDays(today, 6 - weekday);
  return [saturday, addDays(saturday, 1)];
}

/** The query of the API for a search. */
export function toQuery(search: TeacherSearch, zone: string, now: Date): TeachersQuery {
  const [from, to] = search.days ? daysOf(search.days, now, zone) : [undefined, undefined];
  const [timeFrom, timeTo] = search.time ? CLOCK[search.time] : [undefined, undefined];
  return {
    q: search.q,
    // The address of the page may hold anything; the API refuses an unknown code.
    subject: search.subject as TeachersQuery['subject'],
    goal: search.goal as TeachersQuery['goal'],
    grade: search.grade as TeachersQuery['grade'],
    format: search.format,
    max_price: search.price === undefined ? undefined : search.price * 100,
    min_rating: search.rating,
    has_free_slots: search.all ? undefined : true,
    available_from: from,
    available_to: to,
    time_from: timeFrom,
    time_to: timeTo,
    time_zone: from || timeFrom ? zone : undefined,
    sort: search.sort ?? 'next_free',
  };
}
