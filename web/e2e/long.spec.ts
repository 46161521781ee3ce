import { expect, type Page, test } from '@playwright/test';
import { lengthen, scrollerOf } from './long';
import { bookSome, join, newPerson, signInAs } from './people';
import { watch } from './watch';

const ROWS = 10_000;
/** Those that are seen and their neighbours, on the highest screen of the walk. */
const MOST_IN_PAGE = 100;

/** Scrolls what holds the rows to its begin or its end, as a press of Home or End does. */
async function scrollTo(page: Page, rows: string, end: 'begin' | 'end') {
  const scroller = await page.locator(rows).first().evaluateHandle(scrollerOf);
  await scroller.evaluate((box, to) => {
    box.scrollTop = to === 'end' ? box.scrollHeight : 0;
  }, end);
}

const LISTS = [
  { role: 'support', path: '/crm/users', list: '**/api/v1/crm/users?*', rows: 'main tbody tr[data-index]' },
  {
    role: 'support',
    path: '/crm/tickets',
    list: '**/api/v1/crm/tickets?*',
    rows: 'main li:has(> [data-ticket])',
  },
  { role: 'student', path: '/messages', list: '**/api/v1/conversations?*', rows: 'main li[data-index]' },
  {
    role: 'admin',
    path: '/admin/accounts',
    list: '**/api/v1/admin/accounts?*',
    rows: 'main tbody tr[data-index]',
  },
  { role: 'auditor', path: '/audit', list: '**/api/v1/audit/events?*', rows: 'main li:has(> article)' },
] as const;

// A live frame may ask for a list once more while a test ends.
test.afterEach(({ page }) => page.unrouteAll({ behavior: 'ignoreErrors' }));

for (const { role, path, list, rows } of LISTS) {
  test(`${ROWS} rows of ${path} are scrolled to the end and back, with few in the page`, async ({ page }) => {
    const faults = watch(page);
    await signInAs(page, role);
    await lengthen(page, list, ROWS);
    await page.goto(path);
    await expect(page.locator(rows).first()).toBeVisible();
    const first = await page.locator(rows).first().textContent();
    await expect.poll(() => page.locator(rows).count()).toBeLessThanOrEqual(MOST_IN_PAGE);
    await expect(async () => {
      await scrollTo(page, rows, 'end');
      await expect(page.locator(rows).last()).toBeInViewport({ timeout: 1_000 });
    }).toPass();
    expect(await page.locator(rows).count()).toBeLessThanOrEqual(MOST_IN_PAGE);
    const last = page.locator(rows).last();
    const place = (await last.getAttribute('aria-posinset')) ?? (await last.getAttribute('aria-rowindex'));
    expect(place).toMatch(/^\d+$/);
    await scrollTo(page, rows, 'begin');
    await expect(page.locator(rows).first()).toHaveText(first ?? '');
    await expect(page.locator(rows).first()).toBeInViewport();
    expect(faults).toEqual([]);
  });
}

test('the cursor of the desk comes back into sight by j, however far the queue was scrolled', async ({
  page,
}) => {
  await signInAs(page, 'support');
  await lengthen(page, '**/api/v1/crm/tickets?*', ROWS);
  await page.goto('/crm/tickets');
  await expect(page.locator('[data-ticket]').first()).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await expect(page.locator('[data-cursor="true"]')).toBeInViewport();
  await expect(async () => {
    await scrollTo(page, '[data-ticket]', 'end');
    await expect(page.locator('[data-cursor="true"]')).toHaveCount(0, { timeout: 1_000 });
  }).toPass();
  await page.keyboard.press('j');
  await expect(page.locator('[data-cursor="true"]')).toBeInViewport();
});

test('a conversation of 10 000 messages opens at its end, and keeps what is read in its place', async ({
  page,
}) => {
  await join(page, newPerson());
  const lesson = await bookSome(page);
  const { teacher_id } = await (await page.request.get(`/api/v1/lessons/${lesson}`)).json();
  const opened = await page.request.post('/api/v1/conversations', { data: { participant_id: teacher_id } });
  const { id } = await opened.json();
  for (const body of ['Здравствуйте', 'Возьмём задачу 18?\nОна про параметр.']) {
    const data = { client_id: crypto.randomUUID(), body };
    expect((await page.request.post(`/api/v1/conversations/${id}/messages`, { data })).status()).toBe(201);
  }
  await lengthen(page, `**/api/v1/conversations/${id}/messages?*`, ROWS);
  await page.goto(`/messages/${id}`);
  const bubbles = page.getByRole('log').locator('li');
  await expect(bubbles.last()).toHaveAttribute('data-index', String(ROWS - 1));
  await expect(bubbles.last()).toBeInViewport();
  expect(await bubbles.count()).toBeLessThanOrEqual(MOST_IN_PAGE);
  await page.getByRole('textbox', { name: 'Сообщение' }).fill('Да, возьмём');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('log').getByText('Да, возьмём')).toBeInViewport();
  await page.getByRole('log').evaluate((box) => {
    box.scrollTop = box.scrollHeight / 2;
  });
  const indexes = () =>
    bubbles.evaluateAll((all) => all.map((one) => Number(one.getAttribute('data-index'))));
  await expect.poll(async () => Math.max(...(await indexes()))).toBeLessThan(ROWS - 1_000);
  expect(Math.min(...(await indexes()))).toBeGreaterThan(1_000);
});
