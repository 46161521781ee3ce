import { expect, type Page, test } from '@playwright/test';
import { bookSome, join, newPerson } from './people';
import { watch } from './watch';

/** Paths that the frame of every page asks for; the rest belongs to the page. */
const OF_THE_FRAME = ['/api/v1/me', '/api/v1/dictionaries', '/api/v1/live'];

/** Opens the home page; returns the different paths that it asked the API for. A live change may repeat one. */
async function callsOfHome(page: Page): Promise<string[]> {
  const calls = new Set<string>();
  const note = (request: { url: () => string }) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith('/api/') && !OF_THE_FRAME.includes(pathname)) calls.add(pathname);
  };
  page.on('request', note);
  await page.goto('/', { waitUntil: 'networkidle' });
  await expect(page.locator('main h1')).toBeVisible();
  await expect(page.locator('[class*="_bone_"]')).toHaveCount(0);
  page.off('request', note);
  return [...calls];
}

test('the home page takes at most three calls, however many lessons it shows', async ({ page }) => {
  const faults = watch(page);
  await join(page, newPerson());
  const empty = await callsOfHome(page);
  expect(empty.length, empty.join(', ')).toBeLessThanOrEqual(3);
  for (let lesson = 0; lesson < 3; lesson += 1) await bookSome(page, 2 + lesson);
  const full = await callsOfHome(page);
  await expect(page.getByRole('heading', { name: 'Ближайшие 7 дней' })).toBeVisible();
  await expect(page.getByText('3 урока', { exact: true })).toBeVisible();
  expect(full.toSorted()).toEqual(empty.toSorted());
  expect(faults).toEqual([]);
});

test('the home of a teacher takes at most three calls and shows the free times', async ({ page }) => {
  await join(page, newPerson('Борис Тихий'), 'teacher');
  const calls = await callsOfHome(page);
  expect(calls.length, calls.join(', ')).toBeLessThanOrEqual(3);
  await expect(page.getByRole('heading', { name: 'Свободно на неделе' })).toBeVisible();
  await expect(page.getByRole('heading', { name: /^Уроки за месяц/ })).toBeVisible();
});
