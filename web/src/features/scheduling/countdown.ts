const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface Countdown {
  days: number;
  /** `3:07:42` or `11:42`; empty from a day on. */
  clock: string;
}

/** Time left until an instant: whole days, or a clock within the last day. */
export function countdownTo(instant: number, now: number): Countdown {
  const left = Math.max(instant - now, 0);
  if (left >= DAY) return { days: Math.floor(left / DAY), clock: '' };
  const hours = Math.floor(left / HOUR);
  const minutes = Math.floor((left % HOUR) / MINUTE);
  const seconds = Math.floor((left % MINUTE) / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  return {
    days: 0,
    clock: hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`,
  };
}
