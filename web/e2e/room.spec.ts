import { expect, test } from '@playwright/test';
import { join, newOffer, newPerson, takeSession } from './people';

const TEN_MINUTES_IN_DAYS = 10 / 1440;

test('teacher and student meet in the lesson room, talk and leave', async ({ page, browser }) => {
  test.slow();
  await join(page, newPerson());
  const { slotId, token } = await newOffer(TEN_MINUTES_IN_DAYS);
  const booked = await page.request.post(`/api/v1/slots/${slotId}/bookings`, { data: {} });
  expect(booked.status()).toBe(201);
  const teacher = await browser.newPage();
  await takeSession(teacher, token);

  for (const person of [teacher, page]) {
    await person.goto(`/lessons/${slotId}`);
    await person.getByRole('link', { name: 'Войти в урок' }).click();
    await expect(person.getByText('Скажите что-нибудь')).toBeVisible();
    const microphone = person.getByRole('combobox', { name: 'Микрофон' });
    await microphone.click();
    await person.getByRole('option', { name: 'Fake Audio Input 2' }).click();
    await expect(microphone).toHaveValue('Fake Audio Input 2');
    await person.getByRole('button', { name: 'Войти в урок' }).click();
    await expect(person.getByRole('toolbar', { name: 'Управление' })).toBeVisible({ timeout: 20_000 });
  }
  for (const person of [teacher, page]) await expect(person.locator('article video')).toHaveCount(2);
  await page.getByRole('button', { name: 'Рука' }).click();
  await expect(teacher.getByText('рука поднята')).toHaveCount(1);
  await page.getByRole('button', { name: 'Чат' }).click();
  await page.getByLabel('Сообщение в чат').fill('Меня слышно?');
  await page.keyboard.press('Enter');
  await teacher.getByRole('button', { name: 'Чат' }).click();
  await expect(teacher.getByText('Меня слышно?')).toBeVisible();
  await page.getByRole('button', { name: 'Выйти' }).click();
  await expect(page.getByRole('heading', { name: 'Вы вышли из урока' })).toBeVisible();
  await expect(teacher.locator('article')).toHaveCount(1);
  await teacher.close();
});
