import { expect, test } from '@playwright/test';
import { join, newPerson, signInAs } from './people';
import { watch } from './watch';

test('a ticket is asked, answered, resolved and rated', async ({ page, browser }) => {
  const faults = watch(page);
  await join(page, newPerson());
  await page.goto('/tickets');
  await page.getByRole('button', { name: 'Написать в поддержку' }).click();
  const title = `Не слышно преподавателя ${Date.now()}`;
  await page.getByLabel('Тема').fill(title);
  await page.getByLabel('Что случилось').fill('Звук пропал в начале урока.');
  await page.getByRole('button', { name: 'Отправить' }).click();
  await expect(page.getByRole('heading', { name: title })).toBeVisible();

  const desk = await browser.newPage();
  await signInAs(desk, 'support');
  await desk.goto('/crm/tickets');
  await expect(async () => {
    await desk.reload();
    await desk.getByRole('link', { name: title }).click({ timeout: 2_000 });
  }).toPass();
  const ticket = desk.getByRole('region', { name: 'Обращение', exact: true });
  await expect(ticket.getByText('Звук пропал в начале урока.')).toBeVisible();
  await ticket.getByText('Заметка', { exact: true }).click();
  await ticket.getByRole('textbox', { name: 'Заметка' }).fill('Проверить запись комнаты');
  await ticket.getByRole('button', { name: 'Сохранить заметку' }).click();
  await expect(ticket.getByText('заметка, только для своих')).toBeVisible();
  await ticket.getByText('Ответ', { exact: true }).click();
  await ticket.getByRole('textbox', { name: 'Ответ' }).fill('Обновите страницу и разрешите звук.');
  await desk.keyboard.press('Control+Enter');
  await expect(ticket.getByRole('button', { name: /Изменить состояние/ })).toContainText('решено');
  await desk.close();

  await expect(page.getByText('Обновите страницу и разрешите звук.')).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText('Проверить запись комнаты')).toHaveCount(0);
  await page.getByRole('radio', { name: '5 из 5' }).focus();
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Оценить' }).click();
  await expect(page.getByRole('heading', { name: 'Ваша оценка' })).toBeVisible();
  expect(faults).toEqual([]);
});

test('the desk in the past says so, changes nothing and comes back by N', async ({ page }) => {
  await signInAs(page, 'support');
  const past = new Date(Date.now() - 3_600_000).toISOString();
  await page.goto(`/crm/tickets?as_of=${encodeURIComponent(past)}`);
  await expect(page.getByText('Менять здесь нельзя')).toBeVisible();
  await expect(page.getByRole('checkbox')).toHaveCount(0);
  await page.locator('body').press('n');
  await expect(page.getByText('Менять здесь нельзя')).toHaveCount(0);
  await expect(page).not.toHaveURL(/as_of/);
});

test('an analyst follows a figure to what is behind it', async ({ page }) => {
  const faults = watch(page);
  await signInAs(page, 'analyst');
  await page.goto('/crm/analytics');
  await page.getByRole('link', { name: /^Записи/ }).click();
  await page.getByRole('combobox', { name: 'Сравнить с' }).click();
  await page.getByRole('option', { name: 'Таким же до' }).click();
  await expect(page).toHaveURL(/compare=previous/);
  await page.getByRole('combobox', { name: 'Разбить по' }).click();
  await page.getByRole('option', { name: 'Предмету' }).click();
  await expect(page).toHaveURL(/by=subject/);
  await expect(page.getByRole('region', { name: 'Таблица' }).getByText('Английский')).toBeVisible();
  await page
    .getByRole('region', { name: 'Таблица' })
    .getByRole('button', { name: /^[1-9]/ })
    .first()
    .click();
  const behind = page.getByRole('complementary');
  await expect(behind.getByText('Что за этой цифрой')).toBeVisible();
  await expect(behind.locator('li').first()).toBeVisible();
  expect(faults).toEqual([]);
});

test('an admin grants a role and takes it back', async ({ page, browser }) => {
  const other = await browser.newPage();
  const person = newPerson('Роман Надёжный');
  await join(other, person);
  await other.close();
  await signInAs(page, 'admin');
  await page.goto(`/admin/accounts?q=${person.nickname}`);
  for (const [button, badge] of [
    ['Дать роль: поддержка', 1],
    ['Забрать роль: поддержка', 0],
  ] as const) {
    await page.getByRole('button', { name: 'Роли' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Причина').fill('проверка');
    await dialog.getByRole('button', { name: button }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('table').getByText('поддержка')).toHaveCount(badge);
  }
});

test('an auditor opens an event and its stream', async ({ page }) => {
  await signInAs(page, 'auditor');
  await page.goto('/');
  await expect(page).toHaveURL(/\/audit/);
  await page
    .getByRole('button', { name: /AccountRegistered/ })
    .first()
    .click();
  await expect(page.getByText('Хеш события')).toBeVisible();
  await page.getByRole('link', { name: 'Весь поток' }).click();
  await expect(page).toHaveURL(/stream_id=/);
  await expect(page.getByRole('button', { name: /AccountRegistered/ })).toHaveCount(1);
});

test('two tickets of a person are merged and taken apart again', async ({ page, browser }) => {
  const asker = await browser.newPage();
  const person = newPerson();
  await join(asker, person);
  const titles = [`Нет звука ${person.nickname}`, `Снова нет звука ${person.nickname}`];
  const ids: string[] = [];
  for (const title of titles) {
    const data = { title, description: 'Тишина.', category: 'lessons' };
    const opened = await asker.request.post('/api/v1/tickets', { data });
    expect(opened.status()).toBe(201);
    ids.push((await opened.json()).id);
  }
  await asker.close();
  const faults = watch(page);
  await signInAs(page, 'support');
  await page.goto(`/crm/tickets/${ids[1]}`);
  await page.getByRole('button', { name: 'Объединить' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: titles[0] ?? '' }).check();
  await dialog.getByRole('button', { name: 'Объединить' }).click();
  await expect(page).toHaveURL(new RegExp(`/crm/tickets/${ids[0]}`));
  await page.goto(`/crm/tickets/${ids[1]}`);
  await expect(page.getByRole('link', { name: 'Продолжается в другом обращении' })).toBeVisible();
  await page.getByRole('button', { name: 'Разъединить' }).click();
  await expect(page.getByRole('button', { name: 'Объединить' })).toBeVisible();
  expect(faults).toEqual([]);
});

test('an analyst reveals masked contacts with a reason', async ({ page, browser }) => {
  const faults = watch(page);
  const other = await browser.newPage();
  const person = newPerson('Ульяна Закрытая');
  await join(other, person);
  const { id } = await (await other.request.get('/api/v1/me')).json();
  await other.close();
  await signInAs(page, 'analyst');
  await page.goto(`/crm/users/${id}`);
  await expect(page.getByRole('heading', { name: person.name })).toBeVisible();
  await expect(page.getByText(person.email)).toHaveCount(0);
  await page.getByRole('button', { name: 'Показать контакты' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Причина').fill('звонок об оплате');
  await dialog.getByRole('button', { name: 'Показать контакты' }).click();
  await expect(page.getByText(person.email)).toBeVisible();
  await expect(page.getByText('Причина: звонок об оплате')).toBeVisible();
  expect(faults).toEqual([]);
});

test('an admin sees which operations the CRM serves, and which it lacks', async ({ page }) => {
  const faults = watch(page);
  await signInAs(page, 'admin');
  const lacking = { operation: 'delete_user', status: 405, since: '2026-11-29T09:00:00Z' };
  await page.route('**/api/v1/admin/crm/integration', async (route) => {
    const answer = await route.fetch();
    const link = await answer.json();
    expect(link.unsupported).toEqual([]);
    await route.fulfill({ response: answer, json: { ...link, unsupported: [lacking] } });
  });
  await page.goto('/admin/crm');
  const lacks = page.getByRole('region', { name: 'Чего CRM не умеет' });
  await expect(lacks.getByRole('listitem')).toContainText(['Удалить человека']);
  await expect(lacks).toContainText('ответ 405');
  await page.getByRole('button', { name: 'Проверить связь' }).click();
  const result = page.getByRole('region', { name: 'Проверка прошла' });
  await expect(result.getByRole('listitem')).toHaveCount(6);
  await expect(result.getByText('умеет', { exact: true })).toHaveCount(6);
  expect(faults).toEqual([]);
});
