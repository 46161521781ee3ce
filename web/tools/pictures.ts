// Takes the pictures of the README in a running demo installation, into web/pictures/.
//
//   APP_URL=http://localhost:3000 npm run pictures
import { mkdirSync } from 'node:fs';
import { chromium } from '@playwright/test';

const base = process.env.APP_URL ?? 'http://localhost:3000';
const folder = 'pictures';

interface Picture {
  name: string;
  role: string | null;
  path: string;
  language: 'ru' | 'en';
  scheme: 'light' | 'dark';
}

const PICTURES: Picture[] = [
  { name: 'start', role: null, path: '/', language: 'ru', scheme: 'light' },
  { name: 'home', role: 'student', path: '/', language: 'en', scheme: 'light' },
  { name: 'calendar', role: 'teacher', path: '/schedule', language: 'en', scheme: 'dark' },
  {
    name: 'report',
    role: 'analyst',
    path: '/crm/analytics/lessons_held?interval=month',
    language: 'en',
    scheme: 'light',
  },
];

const { people } = (await (await fetch(`${base}/api/v1/demo`)).json()) as {
  people: { role: string; email: string; password: string }[];
};
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
for (const { name, role, path, language, scheme } of PICTURES) {
  const context = await browser.newContext({
    baseURL: base,
    viewport: { width: 1280, height: 800 },
    locale: language === 'ru' ? 'ru-RU' : 'en-GB',
    timezoneId: 'Europe/Moscow',
    reducedMotion: 'reduce',
  });
  await context.addInitScript(
    ([chosen, theme, session]) => {
      localStorage.setItem('kafedra.language', chosen as string);
      localStorage.setItem('kafedra.scheme', theme as string);
      localStorage.setItem('kafedra.demo', 'hidden');
      if (session) localStorage.setItem('kafedra.session', 'open');
    },
    [language, scheme, role ?? ''],
  );
  const page = await context.newPage();
  const person = people.find((one) => one.role === role);
  if (person) {
    const data = { email: person.email, password: person.password };
    await page.request.post('/api/v1/session', { data });
  }
  await page.goto(path, { waitUntil: 'networkidle' });
  await page.evaluate(() => document.fonts.ready.then(() => {}));
  await page.locator('[class*="_bone_"]').first().waitFor({ state: 'hidden' });
  await page.screenshot({ path: `${folder}/${name}.png` });
  console.log(`${folder}/${name}.png`);
  await context.close();
}
await browser.close();
