import { expect, test } from '@playwright/test';
import { join, newOffer, newPerson, takeSession } from './people';
import { watch } from './watch';

test('a teacher finds a student, sees the lessons together and writes', async ({ page, browser }) => {
  const student = await browser.newPage();
  const person = newPerson('Ольга Заречная');
  await join(student, person);
  const { slotId, token } = await newOffer();
  expect((await student.request.post(`/api/v1/slots/${slotId}/bookings`, { data: {} })).status()).toBe(201);
  await student.close();
  const faults = watch(page);
  await takeSession(page, token);
  await page.goto('/students');
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole('link', { name: person.name })).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await page.getByLabel('Имя ученика').fill('нетникогостакимименем');
  await expect(page.getByText('Никто не подошёл')).toBeVisible();
  await page.getByLabel('Имя ученика').fill('Ольга');
  await page.getByRole('link', { name: person.name }).click();
  await expect(page.getByRole('heading', { name: person.name })).toBeVisible();
  await expect(page.locator('main').getByRole('link', { name: /Математика/ })).toHaveCount(1);
  await page.getByRole('button', { name: 'Написать' }).click();
  await expect(page).toHaveURL(/\/messages\/[0-9a-f-]{36}/);
  expect(faults).toEqual([]);
});
