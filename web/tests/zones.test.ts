import { describe, expect, it } from 'vitest';
import { daysOf, parseSearch, toQuery } from '../src/features/scheduling/search';
import { addMonths, byDay, monthOf, weekOf } from '../src/features/scheduling/week';
import { addDays, dayOf, instantOf, minuteOfDay, offsetLabel, weekStart } from '../src/ui/zones';

const at = (text: string) => new Date(text);

describe('civil time', () => {
  it('knows the day on both sides of midnight', () => {
    expect(dayOf(at('2026-12-01T20:59:59Z'), 'Europe/Moscow')).toBe('2026-12-01');
    expect(dayOf(at('2026-12-01T21:00:00Z'), 'Europe/Moscow')).toBe('2026-12-02');
    expect(dayOf(at('2026-12-01T21:00:00Z'), 'America/New_York')).toBe('2026-12-01');
    expect(minuteOfDay(at('2026-12-01T21:30:00Z'), 'Europe/Moscow')).toBe(30);
  });

  it('finds the instant of a civil time, also beside a clock change', () => {
    expect(instantOf('2026-12-01', 17 * 60, 'Europe/Moscow').toISOString()).toBe('2026-12-01T14:00:00.000Z');
    expect(instantOf('2026-03-29', 60, 'Europe/Berlin').toISOString()).toBe('2026-03-29T00:00:00.000Z');
    expect(instantOf('2026-03-29', 180, 'Europe/Berlin').toISOString()).toBe('2026-03-29T01:00:00.000Z');
    expect(instantOf('2026-10-25', 240, 'Europe/Berlin').toISOString()).toBe('2026-10-25T03:00:00.000Z');
  });

  it('moves a time that no clock shows to after the gap', () => {
    expect(instantOf('2026-03-29', 150, 'Europe/Berlin').toISOString()).toBe('2026-03-29T01:30:00.000Z');
  });

  it('writes offsets with their minutes', () => {
    expect(offsetLabel(at('2026-12-01T00:00:00Z'), 'Europe/Moscow')).toBe('UTC+3');
    expect(offsetLabel(at('2026-12-01T00:00:00Z'), 'Asia/Kolkata')).toBe('UTC+5:30');
    expect(offsetLabel(at('2026-12-01T00:00:00Z'), 'America/New_York')).toBe('UTC−5');
    expect(offsetLabel(at('2026-07-01T00:00:00Z'), 'Europe/London')).toBe('UTC+1');
    expect(offsetLabel(at('2026-12-01T00:00:00Z'), 'UTC')).toBe('UTC');
  });

  it('begins the week on Monday', () => {
    expect(weekStart('2026-12-06')).toBe('2026-11-30');
    expect(weekStart('2026-11-30')).toBe('2026-11-30');
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  });

  it('makes the week of a clock change an hour shorter or longer', () => {
    const hours = (day: string) => {
      const { from, to } = weekOf(day, 'Europe/Berlin');
      return (to.getTime() - from.getTime()) / 3_600_000;
    };
    expect([hours('2026-03-25'), hours('2026-10-21'), hours('2026-06-10')]).toEqual([167, 169, 168]);
  });

  it('puts a slot into the day of the visitor, not of UTC', () => {
    const days = byDay([{ starts_at: '2026-12-01T22:00:00Z' }], 'Europe/Moscow');
    expect([...days.keys()]).toEqual(['2026-12-02']);
  });
});

describe('search', () => {
  it('reads its own address and drops the rest', () => {
    expect(parseSearch({ subject: 'physics', price: '2000', days: 'week', sort: '-rating' })).toEqual({
      subject: 'physics',
      price: 2000,
      days: 'week',
      sort: '-rating',
    });
    expect(parseSearch({ subject: '<script>', price: -1, days: 'never', sort: 'name', rating: 'x' })).toEqual(
      {},
    );
    expect(parseSearch({ q: 'a'.repeat(300), grade: 7 })).toEqual({ q: 'a'.repeat(100), grade: '7' });
  });

  it('counts days in the zone of the visitor', () => {
    const lateEvening = at('2026-12-04T21:30:00Z');
    expect(daysOf('today', lateEvening, 'Europe/Moscow')).toEqual(['2026-12-05', '2026-12-05']);
    expect(daysOf('weekend', lateEvening, 'Europe/London')).toEqual(['2026-12-05', '2026-12-06']);
    expect(daysOf('weekend', at('2026-12-06T10:00:00Z'), 'Europe/London')).toEqual([
      '2026-12-06',
      '2026-12-06',
    ]);
  });

  it('asks the API in minor units and with a zone only where there is a time', () => {
    const query = toQuery({ price: 2500, time: 'evening' }, 'Europe/Moscow', at('2026-12-01T10:00:00Z'));
    expect(query).toMatchObject({ max_price: 250_000, time_from: '17:00', time_zone: 'Europe/Moscow' });
    expect(toQuery({}, 'Europe/Moscow', at('2026-12-01T10:00:00Z')).time_zone).toBeUndefined();
  });
});

describe('the month', () => {
  it('has the whole weeks that it lies in, over a clock change too', () => {
    const march = monthOf('2026-03-15', 'Europe/Berlin');
    expect([march.days.length, march.days[0], march.days.at(-1)]).toEqual([42, '2026-02-23', '2026-04-05']);
    expect(march.from.toISOString()).toBe('2026-02-22T23:00:00.000Z');
    expect(march.to.toISOString()).toBe('2026-04-05T22:00:00.000Z');
    const february = monthOf('2027-02-28', 'UTC');
    expect([february.days.length, february.days[0], february.days.at(-1)]).toEqual([
      28,
      '2027-02-01',
      '2027-02-28',
    ]);
  });

  it('has months before and after it, over the end of a year', () => {
    expect(addMonths('2026-12-31', 1)).toBe('2027-01-01');
    expect(addMonths('2026-03-31', -1)).toBe('2026-02-01');
    expect(addMonths('2026-01-01', -1)).toBe('2025-12-01');
  });
});
