import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { addDays, instantOf } from '~/ui/zones';
import { dayAndMinute, type Entry } from './entries';

const STEP_MIN = 15;
const THRESHOLD_PX = 5;
export const HOUR_PX = 76;

export interface Ghost {
  /** The entry that is moved, or null while a new time is drawn. */
  entry: Entry | null;
  day: string;
  from: number;
  to: number;
}

interface Options {
  zone: string;
  firstHour: number;
  move: (entry: Entry, startsAt: Date) => void;
  open: (startsAt: Date, minutes: number) => void;
}

/** Day and minute under the pointer. */
function find(x: number, y: number, firstHour: number): { day: string; minute: number } | null {
  const column = document.elementsFromPoint(x, y).find((part) => (part as HTMLElement).dataset.day);
  if (!column) return null;
  const { top } = column.getBoundingClientRect();
  return {
    day: (column as HTMLElement).dataset.day as string,
    minute: firstHour * 60 + ((y - top) / HOUR_PX) * 60,
  };
}

const snap = (minute: number) => Math.round(minute / STEP_MIN) * STEP_MIN;

/** Moves entries and draws new times, with the mouse or the arrow keys. */
export function useDrag({ zone, firstHour, move, open }: Options) {
  const [ghost, setGhost] = useState<Ghost | null>(null);
  const dragged = useRef(false);

  const track = (
    start: PointerEvent,
    next: (x: number, y: number) => Ghost | null,
    done: (ghost: Ghost) => void,
  ) => {
    let last: Ghost | null = null;
    dragged.current = false;
    const onMove = (event: globalThis.PointerEvent) => {
      const far = Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) > THRESHOLD_PX;
      if (!far && !dragged.current) return;
      dragged.current = true;
      last = next(event.clientX, event.clientY) ?? last;
      setGhost(last);
    };
    const end = (event: Event) => {
      window.removeEventListener('pointermove', onMove);
      window.removeEventListener('pointerup', end);
      window.removeEventListener('pointercancel', end);
      setGhost(null);
      if (event.type === 'pointerup' && last) done(last);
    };
    window.addEventListener('pointermove', onMove);
    window.addEventListener('pointerup', end);
    window.addEventListener('pointercancel', end);
  };

  const at = ({ day, from }: Ghost) => instantOf(day, from, zone);

  const onEntryPointerDown = (event: PointerEvent, entry: Entry, from: number) => {
    if (event.button !== 0 || event.pointerType === 'touch') return;
    event.stopPropagation();
    const grip = find(event.clientX, event.clientY, firstHour);
    if (!grip) return;
    const offset = grip.minute - from;
    const minutes = (entry.endsAt - entry.startsAt) / 60_000;
    track(
      event,
      (x, y) => {
        const place = find(x, y, firstHour);
        const begin = place && Math.max(0, Math.min(snap(place.minute - offset), 24 * 60 - minutes));
        return place && begin !== null ? { entry, day: place.day, from: begin, to: begin + minutes } : null;
      },
      (last) => move(entry, at(last)),
    );
  };

  const onColumnPointerDown = (event: PointerEvent) => {
    if (event.button !== 0 || event.pointerType === 'touch') return;
    const begin = find(event.clientX, event.clientY, firstHour);
    if (!begin) return;
    const from = Math.floor(begin.minute / STEP_MIN) * STEP_MIN;
    track(
      event,
      (_, y) => {
        const place = find(event.clientX, y, firstHour);
        return place && { entry: null, day: begin.day, from, to: Math.max(from + 30, snap(place.minute)) };
      },
      (last) => open(at(last), last.to - last.from),
    );
  };

  const onEntryKeyDown = (event: KeyboardEvent, entry: Entry) => {
    const steps: Record<string, [days: number, minutes: number]> = {
      ArrowUp: [0, -STEP_MIN],
      ArrowDown: [0, STEP_MIN],
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
    };
    const step = steps[event.key];
    const minutes = (entry.endsAt - entry.startsAt) / 60_000;
    if (step) {
      event.preventDefault();
      const { day, minute } = dayAndMinute(entry.startsAt, zone);
      const now = ghost?.entry?.id === entry.id ? ghost : { day, from: minute };
      const from = Math.max(0, Math.min(now.from + step[1], 24 * 60 - minutes));
      setGhost({ entry, day: addDays(now.day, step[0]), from, to: from + minutes });
    } else if (event.key === 'Enter' && ghost?.entry?.id === entry.id) {
      event.preventDefault();
      setGhost(null);
      move(entry, at(ghost));
    } else if (event.key === 'Escape') setGhost(null);
  };

  // A click that ends a drag does not open what was dragged.
  useEffect(() => {
    const swallow = (event: MouseEvent) => {
      if (!dragged.current) return;
      dragged.current = false;
      event.preventDefault();
      event.stopPropagation();
    };
    window.addEventListener('click', swallow, true);
    return () => window.removeEventListener('click', swallow, true);
  }, []);

  return { ghost, clear: () => setGhost(null), onEntryPointerDown, onColumnPointerDown, onEntryKeyDown };
}
