import { expect, test } from '@playwright/test';
import { join, newOffer, newPerson, signInAs, takeSession } from './people';

test('a ticket that another agent changed meanwhile shows both versions', async ({ page, browser }) => {
  const asker = await browser.newPage();
  await join(asker, newPerson());
  const data = { title: `Спор о статусе ${Date.now()}`, description: 'Текст.', category: 'lessons' };
  const opened = await asker.request.post('/api/v1/tickets', { data });
  const { id } = await opened.json();
  await asker.close();
  await signInAs(page, 'support');
  await page.goto(`/crm/tickets/${id}`);
  await expect(page.getByRole('heading', { name: data.title })).toBeVisible();
  const other = await browser.newPage();
  await signInAs(other, 'admin');
  // The page keeps the version that it shows: nothing that is live reaches it.
  await page.route(`**/api/v1/crm/tickets/${id}`, (route) =>
    route.request().method() === 'GET' ? route.abort() : route.continue(),
  );
  const changed = await other.request.post(`/api/v1/crm/tickets/${id}/priority`, {
    data: { priority: 'high' },
  });
  expect(changed.status()).toBe(200);
  await other.close();
  await page.getByRole('button', { name: /Изменить приоритет/ }).click();
  await page.getByRole('menuitem', { name: 'низкий' }).click();
  await page.unroute(`**/api/v1/crm/tickets/${id}`);
  const versions = page.getByRole('alert').filter({ hasText: 'Это изменили, пока вы правили' });
  await expect(versions).toContainText('низкий');
  await expect(async () => {
    await page.evaluate(() => window.dispatchEvent(new Event('focus')));
    await expect(versions).toContainText('высокий', { timeout: 1_000 });
  }).toPass();
  await versions.getByRole('button', { name: 'Сохранить мою' }).click();
  await expect(versions).toHaveCount(0);
  await expect(page.getByRole('button', { name: /Изменить приоритет/ })).toContainText('низкий');
});

test('a free time that was changed in another tab shows both versions', async ({ page }) => {
  const { slotId, token } = await newOffer(9);
  await takeSession(page, token);
  const day = new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10);
  await page.goto(`/schedule?day=${day}`);
  await page
    .getByRole('button', { name: /Свободно/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Цена, ₽').fill('2000');
  const slot = await (await page.request.get(`/api/v1/slots/${slotId}`)).json();
  const changed = await page.request.patch(`/api/v1/slots/${slotId}`, {
    headers: { 'If-Match': `"v${slot.version}"` },
    data: { price: { amount: 170_000, currency: 'RUB' } },
  });
  expect(changed.status()).toBe(200);
  await dialog.getByRole('button', { name: 'Сохранить', exact: true }).click();
  const versions = dialog.getByRole('alert');
  await expect(versions).toContainText('Это изменили, пока вы правили');
  await expect(versions).toContainText('1700');
  await expect(versions).toContainText('2000');
  await versions.getByRole('button', { name: 'Оставить как сейчас' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  const kept = await (await page.request.get(`/api/v1/slots/${slotId}`)).json();
  expect(kept.price.amount).toBe(170_000);
});

test('a profile that was changed in another tab shows both versions of a field, and only then', async ({
  page,
}) => {
  await join(page, newPerson());
  const change = async (data: object) =>
    expect((await page.request.patch('/api/v1/me/profile', { data })).status()).toBe(200);
  const save = page.getByRole('button', { name: 'Сохранить', exact: true });
  await page.goto('/settings');
  await page.getByLabel('Школа').fill('Лицей 1');
  await change({ city: 'Самара' });
  await save.click();
  await expect(page.getByText('Сохранено')).toBeVisible();
  await expect(page.getByLabel('Город')).toHaveValue('Самара');

  await page.getByLabel('Школа').fill('Лицей 2');
  await change({ school: 'Гимназия 3' });
  await save.click();
  const versions = page.getByRole('alert').filter({ hasText: 'Это изменили, пока вы правили' });
  await expect(versions).toContainText('Лицей 2');
  await expect(versions).toContainText('Гимназия 3');
  await versions.getByRole('button', { name: 'Сохранить мою' }).click();
  await expect(versions).toHaveCount(0);
  await expect(page.getByLabel('Школа')).toHaveValue('Лицей 2');
  const { profile } = await (await page.request.get('/api/v1/me')).json();
  expect(profile).toMatchObject({ school: 'Лицей 2', city: 'Самара' });
});

test('a person whom another agent corrected meanwhile shows both versions', async ({ page, browser }) => {
  const other = await browser.newPage();
  const person = newPerson('Анна Первая');
  await join(other, person);
  const { id } = await (await other.request.get('/api/v1/me')).json();
  await signInAs(page, 'support');
  await page.goto(`/crm/users/${id}`);
  await page.getByRole('button', { name: 'Исправить данные' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Имя и фамилия').fill('Анна Вторая');
  await dialog.getByLabel('Причина').fill('опечатка');
  const renamed = await other.request.patch('/api/v1/me/profile', { data: { name: 'Анна Третья' } });
  expect(renamed.status()).toBe(200);
  await other.close();
  await dialog.getByRole('button', { name: 'Исправить', exact: true }).click();
  const versions = dialog.getByRole('alert');
  await expect(versions).toContainText('Анна Вторая');
  await expect(versions).toContainText('Анна Третья');
  await versions.getByRole('button', { name: 'Оставить как сейчас' }).click();
  await expect(page.getByRole('heading', { name: 'Анна Третья', level: 1 })).toBeVisible();
});
