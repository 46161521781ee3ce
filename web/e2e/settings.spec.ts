import { expect, test } from '@playwright/test';
import { join, newPerson } from './people';
import { watch } from './watch';

test('profile, password and sessions are changed, and the account is erased', async ({ page, browser }) => {
  const faults = watch(page);
  const person = newPerson();
  await join(page, person);
  const other = await browser.newPage();
  const signedIn = await other.request.post('/api/v1/session', {
    data: { email: person.email, password: person.password },
  });
  expect(signedIn.status()).toBe(200);
  await other.close();

  await page.goto('/settings');
  await page.getByLabel('Школа').fill('Лицей 1');
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.getByText('Сохранено')).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Школа')).toHaveValue('Лицей 1');

  await page.getByRole('link', { name: 'Вход и данные' }).click();
  await expect(page.getByRole('button', { name: 'Завершить' })).toHaveCount(1);
  const password = page.getByRole('region', { name: 'Пароль' });
  await password.getByLabel('Текущий пароль').fill(person.password);
  await password.getByLabel('Новый пароль').fill('another horse battery');
  await page.getByRole('button', { name: 'Сменить пароль' }).click();
  await expect(page.getByText('Пароль изменён')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Завершить' })).toHaveCount(0);

  await page.getByRole('button', { name: 'Удалить учётную запись' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Текущий пароль').fill('another horse battery');
  await dialog.getByRole('button', { name: 'Удалить навсегда' }).click();
  await expect(page.getByRole('link', { name: 'Зарегистрироваться' })).toBeVisible();
  expect(faults).toEqual([]);
});
