import { expect, test } from '@playwright/test';
import { join, newOffer, newPerson, store } from './people';

const problem = (status: number, code: string, more: object = {}) => ({
  status,
  contentType: 'application/problem+json',
  body: JSON.stringify({
    type: 'x',
    title: code,
    status,
    detail: code,
    code,
    trace_id: 'abcdef0123456789',
    ...more,
  }),
});

test('a list that fails says so, gives the code, and comes with the next try', async ({ page }) => {
  let broken = true;
  await page.route('**/api/v1/teachers?*', (route) =>
    broken ? route.fulfill(problem(500, 'internal')) : route.continue(),
  );
  await page.goto('/teachers');
  await expect(page.getByRole('heading', { name: 'Не удалось загрузить преподавателей' })).toBeVisible();
  await expect(page.getByText('abcdef01')).toBeVisible();
  broken = false;
  await page.getByRole('button', { name: 'Попробовать ещё раз' }).click();
  await expect(page.locator('article').first()).toBeVisible();
});

test('without the server the page stays and says what is wrong', async ({ page }) => {
  await page.route('**/api/v1/**', (route) => route.abort('connectionrefused'));
  await page.goto('/teachers');
  await expect(page.getByText('Нет связи с сервером')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Кафедра: на главную' })).toBeVisible();
});

test('without a network the bar and the dot tell it, and what was typed stays', async ({ page, context }) => {
  await join(page, newPerson());
  const { teacherId, slotId } = await newOffer();
  await page.goto(`/teachers/${teacherId}?slot=${slotId}`);
  await page.getByLabel('Что разобрать на уроке').fill('интегралы');
  await expect(page.getByText('На связи')).toBeVisible();
  await context.setOffline(true);
  await expect(page.getByText(/Нет сети с/)).toBeVisible();
  await page.getByRole('button', { name: 'Забронировать' }).click();
  await expect(page.getByText('Нет связи с сервером')).toBeVisible();
  await expect(page.getByLabel('Что разобрать на уроке')).toHaveValue('интегралы');
  await context.setOffline(false);
  await expect(page.getByText('На связи')).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Забронировать' }).click();
  await expect(page).toHaveURL(/\/lessons\//);
});

test('all wrong fields are said at once, each beside its field', async ({ page }) => {
  await page.goto('/register');
  await page.getByRole('button', { name: 'Продолжить' }).click();
  await page.getByRole('button', { name: 'Создать учётную запись' }).click();
  await expect(page.getByText('Заполните это поле')).toHaveCount(4);
  await expect(page.getByLabel('Имя и фамилия')).toBeFocused();
  await page.getByLabel('Имя и фамилия').fill('Лиза');
  await page.getByLabel('Никнейм').fill('!');
  await page.getByLabel('Электронная почта').fill('nowhere');
  await page.getByLabel('Пароль', { exact: true }).fill('1234567890');
  await page.getByRole('button', { name: 'Создать учётную запись' }).click();
  for (const name of ['Никнейм', 'Электронная почта', 'Пароль']) {
    await expect(page.getByLabel(name, { exact: true })).toHaveAttribute('aria-invalid', 'true');
  }
});

test('a taken address and a wrong password are said where they belong', async ({ page, browser }) => {
  const person = newPerson();
  const other = await browser.newPage();
  await join(other, person);
  await other.close();
  await page.goto('/register');
  await page.getByRole('button', { name: 'Продолжить' }).click();
  await page.getByLabel('Имя и фамилия').fill(person.name);
  await page.getByLabel('Никнейм').fill(newPerson().nickname);
  await page.getByLabel('Электронная почта').fill(person.email);
  await page.getByLabel('Пароль', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Создать учётную запись' }).click();
  await expect(page.getByText('Эта почта уже занята')).toBeVisible();
  await page.goto('/login');
  await page.getByLabel('Электронная почта').fill(person.email);
  await page.getByLabel('Пароль', { exact: true }).fill('not the password');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('Почта или пароль не подходят');
});

test('a time that was just taken is said, and others remain', async ({ page }) => {
  await join(page, newPerson());
  const { teacherId, slotId } = await newOffer();
  await page.goto(`/teachers/${teacherId}?slot=${slotId}`);
  await page.route('**/bookings', (route) => route.fulfill(problem(409, 'slot_taken')));
  await page.getByRole('button', { name: 'Забронировать' }).click();
  await expect(page.getByText('Это время только что заняли')).toBeVisible();
});

test('a lost answer is asked for again under the same key, a new try after a refusal is not', async ({
  page,
}) => {
  await join(page, newPerson());
  const { teacherId, slotId } = await newOffer();
  await page.goto(`/teachers/${teacherId}?slot=${slotId}`);
  const keys: (string | undefined)[] = [];
  const answers = [() => 'abort', () => problem(409, 'time_conflict'), () => 'pass'];
  await page.route('**/bookings', (route) => {
    keys.push(route.request().headers()['idempotency-key']);
    const answer = answers.shift()?.();
    if (answer === 'abort') return route.abort('connectionreset');
    if (answer === 'pass' || answer === undefined) return route.continue();
    return route.fulfill(answer as ReturnType<typeof problem>);
  });
  const book = page.getByRole('button', { name: 'Забронировать' });
  await book.click();
  await expect(page.getByText('Нет связи с сервером')).toBeVisible();
  await book.click();
  await expect(page.getByText('другой урок')).toBeVisible();
  await book.click();
  await expect(page).toHaveURL(/\/lessons\//);
  expect(keys).toHaveLength(3);
  expect(keys[0]).toBeTruthy();
  expect(keys[1]).toBe(keys[0]);
  expect(keys[2]).not.toBe(keys[1]);
});

test('a name of a hundred letters and one with markup are only text', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const name of ['Й'.repeat(100), '<script>alert(1)</script> <b>x', 'עברית שם ארוך מאוד']) {
    await page.context().clearCookies();
    const data = { ...newPerson(name), role: 'student' };
    const answer = await page.request.post('/api/v1/accounts', { data });
    if (answer.status() !== 201) continue;
    await store(page, 'kafedra.session', 'open');
    await page.goto('/');
    await page.getByRole('button', { name: /^Учётная запись/ }).click();
    await expect(page.getByRole('menu').getByText(name)).toBeVisible();
    const over = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(over).toBeLessThanOrEqual(0);
  }
});

test('an ended session leads to the sign-in and back', async ({ page }) => {
  await join(page, newPerson());
  await page.context().clearCookies();
  await page.goto('/lessons');
  await expect(page).toHaveURL(/\/login\?next=%2Flessons/);
});

test('a session that ends in the middle asks for the password, and what was typed stays', async ({
  page,
}) => {
  const person = newPerson();
  await join(page, person);
  const { teacherId, slotId } = await newOffer();
  await page.goto(`/teachers/${teacherId}?slot=${slotId}`);
  await page.getByLabel('Что разобрать на уроке').fill('логарифмы');
  await page.context().clearCookies();
  await page.getByRole('button', { name: 'Забронировать' }).click();
  const dialog = page.getByRole('dialog', { name: 'Вход истёк' });
  await dialog.getByLabel('Пароль', { exact: true }).fill(person.password);
  await dialog.getByRole('button', { name: 'Войти' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByLabel('Что разобрать на уроке')).toHaveValue('логарифмы');
  await page.getByRole('button', { name: 'Забронировать' }).click();
  await expect(page).toHaveURL(/\/lessons\//);
  await expect(page.getByText('логарифмы')).toBeVisible();
});

test('a chosen time is held for the student, and given back when the page is left', async ({
  page,
  browser,
}) => {
  await join(page, newPerson());
  const { teacherId, slotId } = await newOffer();
  const path = `/teachers/${teacherId}?slot=${slotId}`;
  await page.goto(path);
  await expect(page.getByText('Место держим за вами ещё')).toBeVisible();
  const other = await browser.newPage();
  await join(other, newPerson());
  await other.goto(path);
  await expect(other.getByRole('heading', { name: 'Это время уже занято' })).toBeVisible();
  await page.getByRole('navigation').getByRole('link', { name: 'Уроки' }).first().click();
  await expect(async () => {
    await other.reload();
    await expect(other.getByRole('button', { name: 'Забронировать' })).toBeVisible();
  }).toPass();
  await other.close();
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });
  test('the first page can be read', async ({ page }) => {
    await page.goto('/');
    await expect(page.getByRole('heading', { level: 1 }).first()).toContainText('Репетитор на вечер');
    const advice = page.locator('noscript p').first();
    await expect(advice).toBeVisible();
    await expect(advice).toContainText('включите в браузере JavaScript');
  });
});
