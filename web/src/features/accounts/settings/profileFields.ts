import { readMoney, writeMoney } from '~/api/shapes';
import type { Account } from '../queries';

export interface ProfileField {
  name: string;
  kind: 'text' | 'long' | 'number' | 'money' | 'one' | 'many' | 'flag';
  /** Name of the dictionary. */
  list?: string;
}

const ALL: ProfileField[] = [
  { name: 'name', kind: 'text' },
  { name: 'nickname', kind: 'text' },
];

const STUDENT: ProfileField[] = [
  { name: 'subjects', kind: 'many', list: 'subjects' },
  { name: 'goals', kind: 'many', list: 'goals' },
  { name: 'grade', kind: 'one', list: 'grades' },
  { name: 'experience', kind: 'one', list: 'student_experience' },
  { name: 'learning_style', kind: 'one', list: 'learning_styles' },
  { name: 'school', kind: 'text' },
  { name: 'city', kind: 'text' },
  { name: 'parent_name', kind: 'text' },
  { name: 'parent_phone', kind: 'text' },
  { name: 'bio', kind: 'long' },
];

const TEACHER: ProfileField[] = [
  { name: 'subjects', kind: 'many', list: 'subjects' },
  { name: 'goals', kind: 'many', list: 'goals' },
  { name: 'grades', kind: 'many', list: 'grades' },
  { name: 'formats', kind: 'many', list: 'formats' },
  { name: 'durations', kind: 'many', list: 'durations' },
  { name: 'lesson_types', kind: 'many', list: 'lesson_types' },
  { name: 'experience', kind: 'one', list: 'teacher_experience' },
  { name: 'experience_years', kind: 'number' },
  { name: 'teacher_type', kind: 'one', list: 'teacher_types' },
  { name: 'hourly_rate', kind: 'money' },
  { name: 'city', kind: 'text' },
  { name: 'takes_requests', kind: 'flag' },
  { name: 'bio', kind: 'long' },
];

/** Fields of the profile by role. */
export function fieldsOf({ roles }: Account): ProfileField[] {
  if (roles.includes('teacher')) return [...ALL, ...TEACHER];
  return roles.includes('student') ? [...ALL, ...STUDENT] : ALL;
}

export type FieldValue = string | string[] | boolean;

/** The value of a field in the account, as its control shows it. */
export function storedValue(account: Account, { name, kind }: ProfileField): FieldValue {
  const own = name === 'name' || name === 'nickname';
  const value = own ? account[name] : (account.profile as Record<string, unknown>)[name];
  if (kind === 'many') return Array.isArray(value) ? value.map(String) : [];
  if (kind === 'flag') return value === true;
  if (kind === 'money') return String((readMoney(value)?.amount ?? 0) / 100 || '');
  return value == null ? '' : String(value);
}

/** The body of a change: only the fields that have a value here. */
export function bodyOf(fields: ProfileField[], values: Record<string, FieldValue>): Record<string, unknown> {
  return Object.fromEntries(
    fields
      .filter(({ name }) => name in values)
      .map(({ name, kind }) => {
        const value = values[name];
        if (kind === 'money') return [name, value === '' ? null : writeMoney(String(value))];
        if (kind === 'number') return [name, value === '' ? null : Number(value)];
        if (kind === 'many' && name === 'durations') return [name, (value as string[]).map(Number)];
        return [name, value === '' ? null : value];
      }),
  );
}

/** A value in words. */
export function wordOf(
  value: FieldValue,
  { list }: ProfileField,
  label: (list: string, code: string) => string,
): string {
  if (typeof value === 'boolean') return value ? '✓' : '—';
  const codes = Array.isArray(value) ? value : [value];
  return codes.map((code) => (list && code ? label(list, code) : code)).join(', ');
}
