import { addDays, dayOf, instantOf, minuteOfDay } from '~/ui/zones';
import type { Lesson, Slot } from '../queries';

/** Entry of the calendar: a lesson, or a free slot of the teacher. */
export interface Entry {
  id: string;
  startsAt: number;
  endsAt: number;
  subject: string;
  state: 'booked' | 'free' | 'done' | 'over' | 'started' | 'cancelled' | 'moving';
  group: boolean;
  lesson: Lesson | null;
  slot: Slot | null;
}

export function buildEntries(lessons: readonly Lesson[], slots: readonly Slot[], now: number): Entry[] {
  const entries = new Map<string, Entry>();
  for (const slot of slots) {
    if (slot.status !== 'open' || Date.parse(slot.ends_at) < now) continue;
    entries.set(slot.id, { ...shared(slot), state: 'free', lesson: null, slot });
  }
  for (const lesson of lessons) {
    const slot = slots.find(({ id }) => id === lesson.id) ?? null;
    entries.set(lesson.id, { ...shared(lesson), state: stateOf(lesson, now), lesson, slot });
  }
  return [...entries.values()].sort((a, b) => a.startsAt - b.startsAt);
}

const shared = (slot: {
  id: string;
  starts_at: string;
  ends_at: string;
  subject: string;
  capacity: number;
}) => ({
  id: slot.id,
  startsAt: Date.parse(slot.starts_at),
  endsAt: Date.parse(slot.ends_at),
  subject: slot.subject,
  group: slot.capacity > 1,
});

function stateOf(lesson: Lesson, now: number): Entry['state'] {
  if (lesson.status === 'cancelled') return 'cancelled';
  if (lesson.status === 'completed') return 'done';
  if (Date.parse(lesson.ends_at) < now) return 'over';
  if (lesson.status === 'started') return 'started';
  return lesson.proposal ? 'moving' : 'booked';
}

/** True if the entry can be moved: it is to come. */
export function isMovable(entry: Entry, now: number): boolean {
  return entry.startsAt > now && (entry.state === 'booked' || entry.state === 'free');
}

/** The first entry that takes time between these instants. Free slots count too: a teacher has one time once. */
export function conflictAt(
  entries: readonly Entry[],
  id: string | null,
  from: number,
  to: number,
): Entry | null {
  return (
    entries.find(
      (other) => other.id !== id && other.state !== 'cancelled' && other.startsAt < to && other.endsAt > from,
    ) ?? null
  );
}

export interface Placed {
  entry: Entry;
  /** Minutes from midnight of the day. */
  from: number;
  to: number;
  lane: number;
  lanes: number;
}

/** Entries of a day with their place. Those that overlap stand side by side. */
export function placeDay(entries: readonly Entry[], day: string, zone: string): Placed[] {
  const start = instantOf(day, 0, zone).getTime();
  const end = instantOf(addDays(day, 1), 0, zone).getTime();
  const placed: Placed[] = [];
  let group: Placed[] = [];
  let groupEnd = 0;
  const close = () => {
    for (const one of group) one.lanes = Math.max(...group.map(({ lane }) => lane)) + 1;
    group = [];
  };
  for (const entry of entries) {
    if (entry.endsAt <= start || entry.startsAt >= end) continue;
    if (entry.startsAt >= groupEnd) close();
    const from = entry.startsAt <= start ? 0 : minuteOfDay(new Date(entry.startsAt), zone);
    const to = from + (Math.min(entry.endsAt, end) - Math.max(entry.startsAt, start)) / 60_000;
    const taken = group.filter(({ entry: other }) => other.endsAt > entry.startsAt).map(({ lane }) => lane);
    let lane = 0;
    while (taken.includes(lane)) lane += 1;
    const one = { entry, from, to, lane, lanes: 1 };
    group.push(one);
    placed.push(one);
    groupEnd = Math.max(groupEnd, entry.endsAt);
  }
  close();
  return placed;
}

/** First and last full hour that the week shows: the working day, or as far as its entries reach. */
export function hoursOf(placed: readonly Placed[]): { first: number; last: number } {
  const first = Math.min(9, ...placed.map(({ from }) => Math.floor(from / 60)));
  const last = Math.max(21, ...placed.map(({ to }) => Math.ceil(to / 60)));
  return { first, last: Math.min(last, 24) };
}

export const dayAndMinute = (instant: number, zone: string) => ({
  day: dayOf(new Date(instant), zone),
  minute: minuteOfDay(new Date(instant), zone),
});
