import { expect, test } from '@playwright/test';
import { bookSome, join, newPerson, signInAs } from './people';
import { watch } from './watch';

test('the palette finds a page, a lesson and an action by the keyboard alone', async ({ page }) => {
  const faults = watch(page);
  await join(page, newPerson());
  await bookSome(page);
  await page.goto('/');
  // The page that is readable without scripts has a title too; only the app has this button.
  await expect(page.getByRole('button', { name: /^Люди, уроки, страницы, действия/ })).toBeVisible();
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: 'Поиск и действия' });
  await expect(field).toBeFocused();
  await field.fill('кален');
  await expect(page.getByRole('option', { selected: true })).toContainText('Календарь');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/schedule/);

  await page.keyboard.press('/');
  await field.fill('марк');
  await expect(page.getByRole('option', { name: /Математика, Марк Ольховский/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/lessons\/[0-9a-f-]{36}/);

  await page.locator('main').press('?');
  await expect(page.getByRole('heading', { name: 'На любой странице' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(faults).toEqual([]);
});

test('the palette finds people and tickets for the desk', async ({ page, browser }) => {
  const other = await browser.newPage();
  const person = newPerson('Пелагея Искомая');
  await join(other, person);
  await other.close();
  await signInAs(page, 'support');
  await page.goto('/crm');
  await page.getByRole('button', { name: /^Люди, уроки, страницы, действия/ }).click();
  await page.getByRole('combobox', { name: 'Поиск и действия' }).fill(person.nickname);
  await page
    .getByRole('option', { name: /^Пелагея Искомая/ })
    .first()
    .click();
  await expect(page.getByRole('heading', { name: person.name, level: 1 })).toBeVisible();
});
