import { afterEach, beforeEach, expect, it, vi } from 'vitest';

vi.mock('../src/api/session', () => ({ markSessionEnded: () => {}, rememberSession: () => {} }));

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('lets a read arrive under a stream of changes, and reads again afterwards', async () => {
  const { cache } = await import('../src/api/cache');
  const { refresher } = await import('../src/api/refresher');
  const { QueryObserver } = await import('@tanstack/react-query');
  let begun = 0;
  let arrived = 0;
  const observer = new QueryObserver(cache, {
    queryKey: ['tickets'],
    queryFn: async ({ signal }) => {
      begun += 1;
      const number = begun;
      await new Promise((done) => setTimeout(done, 1_000));
      if (!signal.aborted) arrived += 1;
      return number;
    },
  });
  const stop = observer.subscribe(() => {});
  for (let frame = 0; frame < 100; frame += 1) {
    refresher.want(['tickets']);
    await vi.advanceTimersByTimeAsync(50);
  }
  expect(arrived).toBeGreaterThanOrEqual(3);
  expect(begun).toBeLessThanOrEqual(7);
  const before = begun;
  refresher.want(['tickets']);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(begun).toBeGreaterThan(before);
  expect(cache.getQueryData(['tickets'])).toBe(begun);
  stop();
});
