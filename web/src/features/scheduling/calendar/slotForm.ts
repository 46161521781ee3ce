import { readMoney } from '~/api/shapes';
import type { Account } from '~/features/accounts/queries';
import type { Slot } from '../queries';
import { dayAndMinute } from './entries';

/** Fields of the form of a slot, as texts. */
export interface SlotFields {
  day: string;
  time: string;
  minutes: string;
  subject: string;
  lessonType: string;
  format: string;
  /** In whole units of the currency. */
  price: string;
  capacity: string;
  place: string;
}

export const clock = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

export function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

/** Subjects that the teacher offers. */
export function subjectsOf(account: Account): string[] {
  return texts((account.profile as Record<string, unknown>).subjects);
}

export function fieldsOf(
  account: Account,
  slot: Slot | null,
  startsAt: Date,
  minutes: number,
  zone: string,
): SlotFields {
  const { day, minute } = dayAndMinute(startsAt.getTime(), zone);
  const profile = account.profile as Record<string, unknown>;
  const price = readMoney(slot?.price) ?? readMoney(profile.hourly_rate);
  return {
    day,
    time: clock(minute),
    minutes: String(slot?.duration_minutes ?? minutes),
    subject: slot?.subject ?? subjectsOf(account)[0] ?? '',
    lessonType: slot?.lesson_type ?? 'regular',
    format: slot?.format ?? texts(profile.formats)[0] ?? 'online',
    price: price ? String(price.amount / 100) : '',
    capacity: String(slot?.capacity ?? 1),
    place: slot?.place ?? '',
  };
}
