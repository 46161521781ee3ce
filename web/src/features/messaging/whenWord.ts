import { useFormats, useZone } from '~/ui/zone';
import { dayOf } from '~/ui/zones';

/** The time today, else the day. */
export function useWhenWord() {
  const formats = useFormats();
  const { zone } = useZone();
  return (instant: string) =>
    dayOf(new Date(instant), zone) === dayOf(new Date(), zone)
      ? formats.time(instant)
      : formats.shortDay(instant);
}
