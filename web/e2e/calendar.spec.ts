import { expect, test } from '@playwright/test';
import { bookSome, join, newPerson } from './people';
import { watch } from './watch';

test('a teacher opens a time, moves it with the arrow keys and withdraws it', async ({ page }) => {
  const faults = watch(page);
  await join(page, newPerson('Борис Тихий'), 'teacher');
  const profile = { subjects: ['physics'], formats: ['online'], goals: ['ege'], bio: 'Опыт и рисунок.' };
  expect((await page.request.patch('/api/v1/me/profile', { data: profile })).status()).toBe(200);
  const day = new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10);
  await page.goto(`/schedule?day=${day}`);
  await page.getByRole('button', { name: 'Открыть время' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('День').fill(day);
  await dialog.getByLabel('Начало').fill('12:00');
  await dialog.getByLabel('Цена, ₽').fill('1500');
  await dialog.getByRole('button', { name: 'Открыть', exact: true }).click();
  await expect(page.getByText('Время открыто')).toBeVisible();
  const block = page.getByRole('button', { name: /Свободно.*12:00/ });
  await block.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Время перенесено')).toBeVisible();
  await page.getByRole('button', { name: /Свободно.*12:30/ }).click();
  await dialog.getByRole('button', { name: 'Снять' }).click();
  await expect(page.getByText('Время снято')).toBeVisible();
  await expect(page.getByRole('button', { name: /Свободно/ })).toHaveCount(0);
  expect(faults).toEqual([]);
});

test('a student asks for a lesson at a time, and proposes another time for a booked one', async ({
  page,
}) => {
  await join(page, newPerson());
  await page.goto('/requests');
  await page.getByRole('button', { name: 'Оставить заявку' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Цели').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await dialog.getByRole('button', { name: 'Спросить преподавателей' }).click();
  await expect(page.getByText('Заявка отправлена')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Отменить заявку' })).toBeVisible();

  const lesson = await bookSome(page);
  await page.goto(`/lessons/${lesson}`);
  await page.getByRole('button', { name: 'Перенести' }).click();
  await dialog.getByLabel('Начало').fill('23:45');
  await dialog.getByRole('button', { name: /Предложить/ }).click();
  await expect(page.getByText('Перенос предложен')).toBeVisible();
  await expect(page.getByText('Вы предложили перенос', { exact: false })).toBeVisible();
});
