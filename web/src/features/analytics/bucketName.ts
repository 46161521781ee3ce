import type { Formats } from '~/ui/format';
import type { Interval } from './queries';

/** Name of a bucket of a report: a month by its name, a day or week by its first day. */
export function bucketName(formats: Formats, interval: Interval, instant: string): string {
  return interval === 'month' ? formats.monthAndYear(instant) : formats.shortDay(instant);
}
