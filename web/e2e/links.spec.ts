import { expect, test } from '@playwright/test';
import { mailedPath } from './mails';
import { join, newPerson, signInAs } from './people';
import { watch } from './watch';

test('a forgotten password is replaced by a mailed link, once', async ({ page, browser }) => {
  const faults = watch(page);
  const person = newPerson();
  const other = await browser.newPage();
  await join(other, person);
  await page.goto('/login');
  await page.getByRole('link', { name: 'Забыли пароль?' }).click();
  await page.getByRole('button', { name: 'Прислать ссылку' }).click();
  await expect(page.getByText('Заполните это поле')).toBeVisible();
  await page.getByLabel('Электронная почта').fill(person.email);
  await page.getByRole('button', { name: 'Прислать ссылку' }).click();
  await expect(page.getByRole('heading', { name: 'Проверьте почту' })).toBeVisible();

  const path = await mailedPath(person.email, 'recover');
  await page.goto(path);
  await page.getByLabel('Новый пароль').fill('ещё одна лошадь на батарейке');
  await page.getByRole('button', { name: 'Сохранить пароль' }).click();
  await expect(page.getByRole('heading', { name: 'Пароль задан' })).toBeVisible();
  await expect(page.getByText('Завершён вход на 1 устройстве')).toBeVisible();
  await page.locator('main').getByRole('link', { name: 'Войти' }).click();
  await page.getByLabel('Электронная почта').fill(person.email);
  await page.getByLabel('Пароль', { exact: true }).fill('ещё одна лошадь на батарейке');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Уроков пока нет')).toBeVisible();
  expect(faults).toEqual([]);

  await other.goto(path);
  await other.getByLabel('Новый пароль').fill('и ещё одна лошадь');
  await other.getByRole('button', { name: 'Сохранить пароль' }).click();
  await expect(other.getByRole('heading', { name: 'Ссылка недействительна' })).toBeVisible();
  await other.getByRole('link', { name: 'Запросить новую' }).click();
  await expect(other).toHaveURL(/\/recover$/);
  await other.close();
});

test('an address is verified by its link, and the link can be asked for again', async ({ page }) => {
  const faults = watch(page);
  const person = newPerson();
  await join(page, person);
  await page.goto('/settings/security');
  await expect(page.getByText('Пока он не подтверждён')).toBeVisible();
  await page.getByRole('button', { name: 'Прислать письмо ещё раз' }).click();
  await expect(page.getByRole('button', { name: 'Письмо отправлено' })).toBeVisible();
  await page.goto(await mailedPath(person.email, 'verify-email'));
  await expect(page.getByRole('heading', { name: 'Адрес подтверждён' })).toBeVisible();
  await page.goto('/settings/security');
  await expect(page.getByText('почта подтверждена')).toBeVisible();
  await expect(page.getByText('Пока он не подтверждён')).toHaveCount(0);
  expect(faults).toEqual([]);
});

test('an unknown link says so and leads to a new one', async ({ page }) => {
  await page.goto(`/verify-email/${'A'.repeat(43)}`);
  await expect(page.getByRole('heading', { name: 'Ссылка недействительна' })).toBeVisible();
});

test('the desk invites a person, who sets the password by the mailed link; then corrects the name', async ({
  page,
  browser,
}) => {
  const faults = watch(page);
  const guest = newPerson('Гость Приглашённый');
  await signInAs(page, 'support');
  await page.goto('/crm/users');
  await page.getByRole('button', { name: 'Пригласить' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Имя и фамилия').fill(guest.name);
  await dialog.getByLabel('Электронная почта').fill(guest.email);
  await dialog.getByRole('button', { name: 'Отправить приглашение' }).click();
  await expect(page.getByText('Приглашение отправлено')).toBeVisible();
  await expect(page.getByRole('heading', { name: guest.name, level: 1 })).toBeVisible();

  await page.getByRole('button', { name: 'Исправить данные' }).click();
  await dialog.getByLabel('Имя и фамилия').fill('Гость Исправленный');
  await dialog.getByLabel('Причина').fill('опечатка');
  await dialog.getByRole('button', { name: 'Исправить', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Гость Исправленный', level: 1 })).toBeVisible();
  expect(faults).toEqual([]);

  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto(await mailedPath(guest.email, 'recover'));
  await other.getByLabel('Новый пароль').fill(guest.password);
  await other.getByRole('button', { name: 'Сохранить пароль' }).click();
  await other.locator('main').getByRole('link', { name: 'Войти' }).click();
  await other.getByLabel('Электронная почта').fill(guest.email);
  await other.getByLabel('Пароль', { exact: true }).fill(guest.password);
  await other.keyboard.press('Enter');
  await expect(other.getByText('Уроков пока нет')).toBeVisible();
  await context.close();
});
