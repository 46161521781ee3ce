import type { components } from './schema';

/** A closed list of codes. A form holds texts from the dictionary; the API refuses an unknown code. */
export type Code<Name extends keyof components['schemas']> = components['schemas'][Name];

/**
 * Shapes that forms read and write. They are read from `unknown`, so that a wrong answer becomes
 * "nothing" and never a broken page.
 */
export interface Money {
  amount: number;
  currency: string;
}

export function readMoney(value: unknown): Money | null {
  if (typeof value !== 'object' || value === null) return null;
  const { amount, currency } = value as Record<string, unknown>;
  return typeof amount === 'number' && typeof currency === 'string' ? { amount, currency } : null;
}

export interface Entry {
  code: string;
  ru: string;
  en: string;
}
export type Dictionaries = Record<string, Entry[]>;

export function readDictionaries(value: unknown): Dictionaries {
  const lists = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(
    lists.map(([name, list]) => [name, Array.isArray(list) ? list.filter(isEntry) : []]),
  );
}

function isEntry(value: unknown): value is Entry {
  const entry = value as Partial<Entry> | null;
  return typeof entry?.code === 'string' && typeof entry.ru === 'string' && typeof entry.en === 'string';
}

export interface Education {
  university: string | null;
  degree: string | null;
  graduationYear: number | null;
  courses: string[];
}

export function readEducation(value: unknown): Education | null {
  if (typeof value !== 'object' || value === null) return null;
  const { university, degree, graduation_year, courses } = value as Record<string, unknown>;
  return {
    university: typeof university === 'string' ? university : null,
    degree: typeof degree === 'string' ? degree : null,
    graduationYear: typeof graduation_year === 'number' ? graduation_year : null,
    courses: Array.isArray(courses) ? courses.filter((course) => typeof course === 'string') : [],
  };
}

/** The body of a price that was typed in roubles. */
export function writeMoney(roubles: string): Money {
  const amount = Math.round(Number(roubles.replace(/\s/g, '').replace(',', '.')) * 100);
  return { amount, currency: 'RUB' };
}
