// The pages that the walk of tools/interactions.ts visits, and what it does on each; and the lists that it scrolls.
import type { Page } from '@playwright/test';

interface Visit {
  /** Role of the demo person; null for a stranger. */
  role: string | null;
  path: string;
  act: (page: Page) => Promise<void>;
}

/** Types at the pace of a person. */
const type = (page: Page, text: string) => page.keyboard.type(text, { delay: 60 });

async function search(page: Page, label: string, text: string) {
  await page.getByRole('searchbox', { name: label }).click();
  await type(page, text);
}

async function sort(page: Page, label: string) {
  await page.getByRole('combobox', { name: label }).click();
  await page.getByRole('option').nth(1).click();
}

async function openAndClose(page: Page, button: string) {
  await page.getByRole('button', { name: button }).first().click();
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
}

async function palette(page: Page) {
  // The page that is readable without scripts has no such button.
  await page.getByRole('button', { name: /^Люди, уроки, страницы, действия/ }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Поиск и действия' }).waitFor();
  await type(page, 'кален');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Escape');
}

export const VISITS: Visit[] = [
  {
    role: null,
    path: '/',
    act: async (page) => {
      await page.getByRole('button', { name: 'Математика', exact: true }).click();
      await page.getByRole('button', { name: /^Когда/ }).click();
      await page.getByText('7 дней').click();
      await page.keyboard.press('Escape');
    },
  },
  {
    role: null,
    path: '/teachers',
    act: async (page) => {
      await page.getByLabel('Слова').click();
      await type(page, 'анна');
      await page.getByLabel('Слова').fill('');
      await page.locator('article').first().locator('ul a').first().click();
    },
  },
  { role: 'student', path: '/', act: palette },
  { role: 'student', path: '/lessons', act: (page) => page.getByRole('link', { name: 'Проведены' }).click() },
  { role: 'student', path: '/requests', act: (page) => openAndClose(page, 'Оставить заявку') },
  {
    role: 'student',
    path: '/messages',
    act: async (page) => {
      await page.locator('main li a').first().click();
      await page.getByRole('textbox', { name: 'Сообщение' }).click();
      await type(page, 'Спасибо, до встречи');
    },
  },
  { role: 'teacher', path: '/schedule', act: (page) => openAndClose(page, 'Открыть время') },
  {
    role: 'support',
    path: '/crm/tickets',
    act: async (page) => {
      await page.locator('[data-ticket]').first().waitFor();
      for (const key of ['j', 'j', 'k', 'Enter']) await page.keyboard.press(key);
      await page.getByRole('region', { name: 'Обращение', exact: true }).waitFor();
    },
  },
  {
    role: 'support',
    path: '/crm/users',
    act: async (page) => {
      await sort(page, 'Порядок');
      await search(page, 'Имя, никнейм или почта', 'анна');
      await openAndClose(page, 'Пригласить');
    },
  },
  { role: 'analyst', path: '/crm', act: palette },
  {
    role: 'analyst',
    path: '/crm/analytics/bookings',
    act: async (page) => {
      await page.getByRole('combobox', { name: 'Сравнить с' }).click();
      await page.getByRole('option', { name: 'Таким же до' }).click();
    },
  },
  { role: 'admin', path: '/admin/accounts', act: (page) => openAndClose(page, 'Роли') },
  {
    role: 'auditor',
    path: '/audit',
    act: async (page) => {
      await page
        .getByRole('button', { name: /AccountRegistered/ })
        .first()
        .click();
    },
  },
];

export const LONG = [
  { role: 'support', path: '/crm/users', list: '**/api/v1/crm/users?*' },
  { role: 'support', path: '/crm/tickets', list: '**/api/v1/crm/tickets?*' },
  { role: 'auditor', path: '/audit', list: '**/api/v1/audit/events?*' },
  { role: 'student', path: '/messages', list: '**/api/v1/conversations?*' },
];
