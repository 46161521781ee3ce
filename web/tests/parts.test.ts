import { describe, expect, it } from 'vitest';
import { intentionFor } from '../src/api/intention';
import { problemFromAnswer, problemFromFailure } from '../src/api/problem';
import { readDictionaries, readEducation, readMoney } from '../src/api/shapes';
import { strengthOf } from '../src/features/accounts/password';
import { countdownTo } from '../src/features/scheduling/countdown';
import { buildRibbon } from '../src/features/scheduling/ribbon';
import { parseNext } from '../src/routes/next';
import { formatMoney, formatsFor, zoneName } from '../src/ui/format';

describe('money and time in words', () => {
  it('never lets a price break', () => {
    expect(formatMoney({ amount: 180_000, currency: 'RUB' }, 'ru')).toBe('1\u00a0800\u00a0₽');
    expect(formatMoney({ amount: 180_050, currency: 'RUB' }, 'en')).toBe('1,800.50\u00a0₽');
    expect(formatMoney({ amount: 2_500, currency: 'EUR' }, 'en')).toBe('€25');
    expect(formatMoney({ amount: 2_500, currency: 'JPY' }, 'ru')).not.toContain(' ');
  });

  it('writes days in the language and the zone', () => {
    const instant = '2026-12-01T21:30:00Z';
    expect(formatsFor('ru', 'Europe/Moscow').longDay(instant)).toBe('среда, 2 декабря');
    expect(formatsFor('en', 'Europe/London').longDay(instant)).toMatch(/^Tuesday,? 1 December$/);
    expect(formatsFor('ru', 'Europe/Moscow').time(instant)).toBe('00:30');
  });

  it('names zones by their place', () => {
    expect(zoneName('Europe/Moscow', 'ru')).toBe('Москва');
    expect(zoneName('America/New_York', 'en')).toBe('New York');
    expect(zoneName('Not/A_Zone', 'en')).toBe('A Zone');
  });

  it('counts down to whole days, then by the clock', () => {
    const now = Date.parse('2026-12-01T10:00:00Z');
    expect(countdownTo(now + 26 * 3_600_000, now)).toEqual({ days: 1, clock: '' });
    expect(countdownTo(now + 11_042_000, now).clock).toBe('3:04:02');
    expect(countdownTo(now + 702_000, now).clock).toBe('11:42');
    expect(countdownTo(now - 1, now).clock).toBe('0:00');
  });
});

describe('answers', () => {
  it('keeps code, fields and trace of a problem', () => {
    const response = new Response(null, { status: 503, headers: { 'retry-after': '7' } });
    const problem = problemFromAnswer({ code: 'busy', trace_id: 't1' }, response);
    expect(problem).toMatchObject({
      code: 'busy',
      status: 503,
      traceId: 't1',
      retryAfterSeconds: 7,
      isPassing: true,
    });
  });

  it('says that an answer was no problem document', () => {
    const response = new Response('<html>', { status: 502 });
    expect(problemFromAnswer('<html>', response).code).toBe('unreadable_answer');
  });

  it('tells no connection from no answer', () => {
    expect(problemFromFailure(new TypeError('Failed to fetch')).code).toBe('no_connection');
    expect(problemFromFailure(new DOMException('late', 'TimeoutError')).code).toBe('no_answer');
  });

  it('reads loose shapes as nothing where they are wrong', () => {
    expect(readMoney({ amount: '1', currency: 'RUB' })).toBeNull();
    expect(readMoney(null)).toBeNull();
    expect(readDictionaries({ subjects: [{ code: 'a', ru: 'а', en: 'a' }, 7], goals: 'x' })).toEqual({
      subjects: [{ code: 'a', ru: 'а', en: 'a' }],
      goals: [],
    });
    expect(readEducation({ courses: [1, 'x'] })?.courses).toEqual(['x']);
  });
});

describe('small rules', () => {
  it('goes only to addresses of its own after signing in', () => {
    expect(parseNext({ next: '/teachers/1?slot=2' })).toEqual({ next: '/teachers/1?slot=2' });
    for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example', '', 7, undefined]) {
      expect(parseNext({ next })).toEqual({});
    }
  });

  it('calls a password weak that is short of variety or one’s own', () => {
    expect(strengthOf('short', [])).toBe(0);
    expect(strengthOf('1234567890', [])).toBe(1);
    expect(strengthOf('abcabcabcabc', [])).toBe(1);
    expect(strengthOf('liza-liza-2012x', ['liza'])).toBe(1);
    expect(strengthOf('tree and kite', [])).toBe(2);
    expect(strengthOf('correct horse battery', [])).toBe(3);
  });

  it('lays the free times of one day side by side without overlap', () => {
    const slot = (id: string, starts_at: string) => ({ id, starts_at }) as never;
    const teacher = (id: string, ...slots: never[]) => ({ id, next_free_slots: slots }) as never;
    const ribbon = buildRibbon(
      [
        teacher('a', slot('1', '2026-12-01T14:00:00Z'), slot('2', '2026-12-02T14:00:00Z')),
        teacher('b', slot('3', '2026-12-01T14:30:00Z')),
        teacher('c', slot('4', '2026-12-01T16:00:00Z')),
      ],
      'Europe/Moscow',
    );
    expect(ribbon?.day).toBe('2026-12-01');
    expect(ribbon?.items.map(({ lane }) => lane)).toEqual([0, 1, 0]);
    expect(buildRibbon([teacher('a')], 'UTC')).toBeNull();
  });
});

describe('an intention', () => {
  it('has a key, for a request without a body too, and keeps it while the same is asked for', () => {
    for (const request of [undefined, null, '', { a: 1 }]) {
      const first = intentionFor(request, null);
      expect(first.key).toMatch(/^[0-9a-f-]{36}$/);
      expect(intentionFor(request, first)).toBe(first);
      expect(intentionFor({ a: 2 }, first).key).not.toBe(first.key);
    }
  });
});
