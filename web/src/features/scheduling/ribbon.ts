import { dayOf, minuteOfDay } from '~/ui/zones';
import type { FreeSlot, TeacherCard } from './queries';

export interface RibbonItem {
  teacher: TeacherCard;
  slot: FreeSlot;
  /** Minutes since midnight, in the zone of the visitor. */
  minute: number;
  lane: number;
}

export interface Ribbon {
  day: string;
  fromHour: number;
  toHour: number;
  items: RibbonItem[];
}

export const MOST_LANES = 3;
/** Width of an item in minutes of the axis: what its words need. */
const ITEM_MINUTES = 62;

/** The free times of the first day that has any, without overlaps, as a ribbon of hours. */
export function buildRibbon(teachers: readonly TeacherCard[], zone: string): Ribbon | null {
  const all = teachers
    .flatMap((teacher) =>
      teacher.next_free_slots.map((slot) => ({ teacher, slot, at: new Date(slot.starts_at) })),
    )
    .sort((a, b) => a.at.getTime() - b.at.getTime());
  const first = all[0];
  if (!first) return null;
  const day = dayOf(first.at, zone);
  const ends: number[] = [];
  const items: RibbonItem[] = [];
  for (const { teacher, slot, at } of all) {
    if (dayOf(at, zone) !== day) continue;
    const minute = minuteOfDay(at, zone);
    const free = ends.findIndex((end) => end <= minute);
    const lane = free === -1 ? ends.length : free;
    if (lane >= MOST_LANES) continue;
    ends[lane] = minute + ITEM_MINUTES;
    items.push({ teacher, slot, minute, lane });
  }
  const last = items.at(-1)?.minute ?? 0;
  const fromHour = Math.floor((items[0]?.minute ?? 0) / 60);
  const toHour = Math.max(Math.ceil((last + ITEM_MINUTES) / 60), fromHour + 6);
  return { day, fromHour, toHour, items };
}
