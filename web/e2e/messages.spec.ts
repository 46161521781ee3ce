import { expect, test } from '@playwright/test';
import { bookSome, join, newPerson } from './people';
import { watch } from './watch';

test('a message that was written offline is sent once, and can be changed and deleted', async ({
  page,
  context,
}) => {
  await join(page, newPerson());
  const lesson = await bookSome(page);
  await page.goto(`/lessons/${lesson}`);
  await page.getByRole('button', { name: 'Написать' }).click();
  await expect(page).toHaveURL(/\/messages\//);
  const field = page.getByRole('textbox', { name: 'Сообщение' });
  await field.fill('Здравствуйте');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('img', { name: 'Отправлено' })).toHaveCount(1);

  await context.setOffline(true);
  await field.fill('Я без сети');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('img', { name: /Уйдёт, как только/ })).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByRole('img', { name: 'Отправлено' })).toHaveCount(2);
  await expect(page.getByRole('log').getByText('Я без сети')).toHaveCount(1);

  await page.getByRole('log').getByText('Я без сети').hover();
  await page.getByRole('button', { name: 'Изменить' }).last().click();
  await page.getByRole('textbox', { name: 'Изменить' }).fill('Я снова в сети');
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByRole('log').getByText('Я снова в сети')).toBeVisible();
  await expect(page.getByText('изменено')).toBeVisible();
  await page.getByRole('log').getByText('Я снова в сети').hover();
  await page.getByRole('button', { name: 'Удалить' }).last().click();
  await expect(page.getByRole('log').getByText('Сообщение удалено')).toBeVisible();
});

test('what one types is seen by the other at once, and becomes read', async ({ page, browser }) => {
  const faults = watch(page);
  await join(page, newPerson('Лиза Северная'));
  const other = await browser.newPage();
  await join(other, newPerson('Марк Южный'), 'teacher');
  const { id } = await (await other.request.get('/api/v1/me')).json();
  const slot = await other.request.post('/api/v1/slots', {
    data: {
      starts_at: new Date(Date.now() + 4 * 86_400_000).toISOString(),
      duration_minutes: 60,
      subject: 'mathematics',
      lesson_type: 'regular',
      format: 'online',
      price: { amount: 100_000, currency: 'RUB' },
    },
  });
  await page.request.post(`/api/v1/slots/${(await slot.json()).id}/bookings`, { data: {} });
  const opened = await page.request.post('/api/v1/conversations', { data: { participant_id: id } });
  const conversation = (await opened.json()).id;
  await page.goto(`/messages/${conversation}`);
  await other.goto(`/messages/${conversation}`);
  await expect(other.getByText('На связи')).toBeVisible();
  await page.getByRole('textbox', { name: 'Сообщение' }).fill('Видно?');
  await expect(other.getByText('печатает…')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(other.getByRole('log').getByText('Видно?')).toBeVisible();
  await expect(page.getByRole('img', { name: 'Прочитано' })).toBeVisible();
  expect(faults).toEqual([]);
  await other.close();
});
