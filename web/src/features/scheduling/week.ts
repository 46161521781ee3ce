import { addDays, dayOf, instantOf, weekStart } from '~/ui/zones';
import type { Slot } from './queries';

export interface Week {
  days: string[];
  from: Date;
  to: Date;
}

/** The week of a day, from Monday to Monday on the clock of the zone: 167 to 169 hours. */
export function weekOf(day: string, zone: string): Week {
  const monday = weekStart(day);
  return {
    days: Array.from({ length: 7 }, (_, index) => addDays(monday, index)),
    from: instantOf(monday, 0, zone),
    to: instantOf(addDays(monday, 7), 0, zone),
  };
}

/** The whole weeks that a month lies in. */
export function monthOf(day: string, zone: string): Week {
  const month = day.slice(0, 7);
  const first = weekStart(`${month}-01`);
  const next = addMonths(day, 1);
  const days: string[] = [];
  for (let one = first; one < next || days.length % 7 !== 0; one = addDays(one, 1)) days.push(one);
  return { days, from: instantOf(first, 0, zone), to: instantOf(addDays(first, days.length), 0, zone) };
}

/** The first day of the month that lies so many months later. */
export function addMonths(day: string, months: number): string {
  const [year = 0, month = 1] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10);
}

/** The slots of each day, in order of time. */
export function byDay<T extends { starts_at: string }>(slots: readonly T[], zone: string): Map<string, T[]> {
  const days = new Map<string, T[]>();
  for (const slot of slots) {
    const day = dayOf(new Date(slot.starts_at), zone);
    days.set(day, [...(days.get(day) ?? []), slot]);
  }
  return days;
}

export interface Kind {
  key: string;
  lessonType: string;
  minutes: number;
}

/** Kinds of lessons among the slots: type and length. */
export function kindsOf(slots: readonly Slot[]): Kind[] {
  const kinds = new Map<string, Kind>();
  for (const slot of slots) {
    const key = `${slot.lesson_type}-${slot.duration_minutes}`;
    kinds.set(key, { key, lessonType: slot.lesson_type, minutes: slot.duration_minutes });
  }
  return [...kinds.values()].sort(
    (a, b) => a.lessonType.localeCompare(b.lessonType) || a.minutes - b.minutes,
  );
}

export function isOfKind(slot: Slot, key: string | undefined): boolean {
  return key === undefined || `${slot.lesson_type}-${slot.duration_minutes}` === key;
}
