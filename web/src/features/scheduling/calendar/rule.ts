export const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** The recurrence rule (RFC 5545) of a weekly series. */
export function weeklyRule(days: readonly Weekday[], until: string): string {
  const end = until === '' ? '' : `;UNTIL=${until.replaceAll('-', '')}T235959`;
  return `FREQ=WEEKLY;BYDAY=${WEEKDAYS.filter((day) => days.includes(day)).join(',')}${end}`;
}

/** Weekdays that a rule names. */
export function daysOfRule(rule: string): Weekday[] {
  const named = /BYDAY=([A-Z,]+)/.exec(rule)?.[1]?.split(',') ?? [];
  return WEEKDAYS.filter((day) => named.includes(day));
}
