// The first paint, before the scripts of the app are there: words of the start page, its language and theme; and the
// styles after it.
import { expect, type Page, test } from '@playwright/test';

const withoutApp = (page: Page) => page.route('**/assets/*.js', (route) => route.abort());

test('styles that come later are weaker than the theme', async ({ page }) => {
  await page.goto('/teachers');
  await expect(page.getByRole('combobox', { name: 'Предмет' })).toHaveCSS('font-family', /^Inter/);
});

test('the words of the start page stand there in the language of the browser', async ({ page }) => {
  await withoutApp(page);
  await page.goto('/');
  const main = page.getByRole('main');
  await expect(main.getByRole('heading', { level: 1 })).toHaveText(/^Репетитор на вечер/);
  await expect(main.getByText('A tutor for tonight')).toBeHidden();
});

test.describe('in English and dark', () => {
  test.use({ locale: 'en-GB', colorScheme: 'dark' });
  test('the words are English on the dark ground', async ({ page }) => {
    await withoutApp(page);
    await page.goto('/');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^A tutor for tonight/);
    await expect(page.locator('html')).toHaveCSS('background-color', 'rgb(12, 17, 16)');
  });
});

test('other pages do not begin with the words of the start page', async ({ page }) => {
  await withoutApp(page);
  await page.goto('/teachers');
  await expect(page.getByRole('banner')).toContainText('Кафедра');
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(0);
});

test('the files of a page are fetched beside the first ones', async ({ page }) => {
  await withoutApp(page);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto('/lessons/00000000-0000-4000-8000-000000000000');
  for (const name of ['LessonView', 'calendar', 'ru']) {
    expect(asked.filter((path) => path.startsWith(`/assets/${name}-`) && path.endsWith('.js'))).toHaveLength(
      1,
    );
  }
});
