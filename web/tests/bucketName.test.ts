import { expect, it } from 'vitest';
import { bucketName } from '~/features/analytics/bucketName';
import { formatsFor } from '~/ui/format';

it('names a month by its name and other buckets by their first day', () => {
  const formats = formatsFor('ru', 'Europe/Moscow');
  const instant = '2026-02-28T21:00:00Z';
  expect(bucketName(formats, 'month', instant)).toBe('март 2026');
  expect(bucketName(formats, 'week', instant)).toMatch(/^вс, 1 мар/);
});
