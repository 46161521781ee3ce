import { expect, test } from '@playwright/test';
import { watch } from './watch';

const HOMES = {
  Ученик: 'Ближайшие 7 дней',
  Преподаватель: 'Свободно на неделе',
  Поддержка: 'Сводка',
  Аналитик: 'Сводка',
  Администратор: 'Сводка',
  Аудитор: 'Журнал событий',
};

test('in a demo a stranger looks around as each role with one press', async ({ page }) => {
  test.slow();
  const faults = watch(page);
  await page.addInitScript(() => localStorage.removeItem('kafedra.demo'));
  for (const [role, heading] of Object.entries(HOMES)) {
    await page.goto('/');
    await page.getByRole('complementary', { name: 'Демо' }).getByRole('button', { name: role }).click();
    await expect(page.getByRole('heading', { name: heading })).toBeVisible();
    await page.getByRole('button', { name: /^Учётная запись/ }).click();
    await page.getByRole('menuitem', { name: 'Выйти' }).click();
    await expect(page.getByRole('link', { name: 'Зарегистрироваться' })).toBeVisible();
  }
  expect(faults).toEqual([]);
});
