/** Civil time in a named zone, by Intl alone. A day is written `YYYY-MM-DD`. */

const parts = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string): Intl.DateTimeFormat {
  let format = parts.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    parts.set(zone, format);
  }
  return format;
}

function civil(instant: Date, zone: string): Record<string, string> {
  return Object.fromEntries(
    formatter(zone)
      .formatToParts(instant)
      .map((part) => [part.type, part.value]),
  );
}

/** Minutes by which the zone is ahead of UTC at the instant. */
export function offsetMinutes(instant: Date, zone: string): number {
  const c = civil(instant, zone);
  const asUtc = Date.UTC(
    Number(c.year),
    Number(c.month) - 1,
    Number(c.day),
    Number(c.hour),
    Number(c.minute),
    Number(c.second),
  );
  return Math.round((asUtc - Math.floor(instant.getTime() / 1000) * 1000) / 60_000);
}

export function dayOf(instant: Date, zone: string): string {
  const c = civil(instant, zone);
  return `${c.year}-${c.month}-${c.day}`;
}

/** Minutes since midnight on the clock of the zone. */
export function minuteOfDay(instant: Date, zone: string): number {
  const c = civil(instant, zone);
  return Number(c.hour) * 60 + Number(c.minute);
}

/** The instant at which a clock of the zone shows this day and minute. In a gap: as long after it as asked. */
export function instantOf(day: string, minutes: number, zone: string): Date {
  const wanted = Date.parse(`${day}T00:00:00Z`) + minutes * 60_000;
  const before = offsetMinutes(new Date(wanted - 86_400_000), zone);
  const first = new Date(wanted - before * 60_000);
  if (offsetMinutes(first, zone) === before) return first;
  const second = new Date(wanted - offsetMinutes(first, zone) * 60_000);
  return offsetMinutes(second, zone) === offsetMinutes(first, zone) ? second : first;
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Monday of the week of the day. */
export function weekStart(day: string): string {
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
  return addDays(day, -weekday);
}

/** `UTC+3`, `UTC+5:30`, `UTC−4`. */
export function offsetLabel(instant: Date, zone: string): string {
  const minutes = offsetMinutes(instant, zone);
  if (minutes === 0) return 'UTC';
  const size = Math.abs(minutes);
  const rest = size % 60 === 0 ? '' : `:${String(size % 60).padStart(2, '0')}`;
  return `UTC${minutes < 0 ? '−' : '+'}${Math.floor(size / 60)}${rest}`;
}

export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
