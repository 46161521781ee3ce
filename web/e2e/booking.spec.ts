import { expect, test } from '@playwright/test';
import { join, newOffer, newPerson } from './people';
import { watch } from './watch';

test('a stranger signs up, finds, books, sees and cancels', async ({ page }) => {
  const faults = watch(page);
  const person = newPerson();
  const { teacher } = await newOffer();

  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.getByRole('link', { name: 'Зарегистрироваться' }).click();
  await expect(page.getByRole('heading', { name: 'Кто вы?' })).toBeVisible();
  await page.getByRole('button', { name: 'Продолжить' }).click();
  await page.getByLabel('Имя и фамилия').fill(person.name);
  await page.getByLabel('Никнейм').fill(person.nickname);
  await page.getByLabel('Электронная почта').fill(person.email);
  await page.getByLabel('Пароль', { exact: true }).fill(person.password);
  await expect(page.getByText('Надёжный')).toBeVisible();
  await page.getByRole('button', { name: 'Создать учётную запись' }).click();
  await expect(page.getByText('Уроков пока нет')).toBeVisible();
  await expect(page.getByText('На связи')).toBeVisible();

  await page.getByRole('navigation').getByRole('link', { name: 'Преподаватели' }).first().click();
  await page.getByLabel('Слова').fill(teacher);
  const card = page.locator('article').first();
  await expect(card.getByRole('heading', { name: teacher })).toBeVisible();
  await card.locator('ul a').first().click();
  await expect(page.getByRole('heading', { name: 'Если планы поменяются' })).toBeVisible();
  await page.getByLabel('Что разобрать на уроке').fill('дроби');
  await page.getByRole('button', { name: 'Забронировать' }).click();

  await expect(page.getByText('Урок забронирован')).toBeVisible();
  await expect(page).toHaveURL(/\/lessons\/[0-9a-f-]{36}$/);
  await expect(page.getByText('дроби')).toBeVisible();
  await page.getByRole('navigation').getByRole('link', { name: 'Уроки' }).first().click();
  await expect(page.locator('main li')).toHaveCount(1);
  await page.locator('main li a').click();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Файл для календаря' }).click();
  expect((await download).suggestedFilename()).toMatch(/\.ics$/);

  await page.getByRole('button', { name: 'Отменить урок' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(/Сейчас отмена бесплатна|Отмена стоит/)).toBeVisible();
  await dialog.getByLabel('Причина').fill('уезжаю');
  await dialog.getByRole('button', { name: 'Отменить урок' }).click();
  await expect(page.getByText('отменён', { exact: true })).toBeVisible();
  await expect(page.getByText('уезжаю')).toBeVisible();

  await page.getByRole('button', { name: /^Учётная запись/ }).click();
  await page.getByRole('menuitem', { name: 'Выйти' }).click();
  await expect(page.getByRole('link', { name: 'Зарегистрироваться' })).toBeVisible();
  expect(faults).toEqual([]);
});

test('a stranger who chose a time comes back to it after signing in', async ({ page, browser }) => {
  const person = newPerson();
  const other = await browser.newPage();
  await join(other, person);
  await other.close();
  const { teacherId, slotId } = await newOffer();
  await page.goto(`/teachers/${teacherId}?slot=${slotId}`);
  await page.locator('aside').getByRole('link', { name: 'Войти' }).click();
  await page.getByLabel('Электронная почта').fill(person.email);
  await page.getByLabel('Пароль', { exact: true }).fill(person.password);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`slot=${slotId}`));
  await expect(page.getByRole('button', { name: 'Забронировать' })).toBeVisible();
});

test('the search works at once and stands in the address', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Математика', exact: true }).click();
  await expect(page).toHaveURL(/subject=mathematics/);
  await page.getByRole('button', { name: /^Когда/ }).click();
  await page.getByText('7 дней').click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: /^Когда/ })).toBeFocused();
  await expect(page).toHaveURL(/days=week/);
  const shown = await page.getByRole('heading', { name: /со свободным временем/ }).textContent();
  await page.getByRole('link', { name: /^Показать \d+/ }).click();
  await expect(page.getByText(shown?.split(' ')[0] ?? '', { exact: false }).first()).toBeVisible();
  await expect(page).toHaveURL(/\/teachers\?.*subject=mathematics/);
});

test('a booking needs only the keyboard', async ({ page }) => {
  await join(page, newPerson());
  const { teacherId } = await newOffer();
  await page.goto(`/teachers/${teacherId}`);
  const times = page.locator('button[aria-pressed]');
  await times.last().focus();
  await page.keyboard.press('Enter');
  await expect(times.last()).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: 'Забронировать' }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/lessons\//);
  await expect(page.locator('main')).toBeFocused();
});
