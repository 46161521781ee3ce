import { expect, type Page, request, test } from '@playwright/test';

let count = 0;
const run = Date.now().toString(36);

export interface Person {
  name: string;
  nickname: string;
  email: string;
  password: string;
}

/** A new invented person, alike in no other test. */
export function newPerson(name = 'Лиза Северная'): Person {
  count += 1;
  const nickname = `t${run}${process.env.TEST_WORKER_INDEX ?? 0}n${count}`;
  return { name, nickname, email: `${nickname}@example.test`, password: 'correct horse battery' };
}

/** Puts a value into the storage of every page that comes; an empty page has none. */
export async function store(page: Page, key: string, value: string) {
  await page.addInitScript(
    (entry) => {
      if (location.protocol !== 'about:') localStorage.setItem(entry.key, entry.value);
    },
    { key, value },
  );
}

/** Registers by the API; the cookie is then in the page's context. */
export async function join(page: Page, person: Person, role: 'student' | 'teacher' = 'student') {
  const data = { ...person, role, time_zone: 'Europe/Moscow', locale: 'ru' };
  const answer = await page.request.post('/api/v1/accounts', { data });
  expect(answer.status()).toBe(201);
  await store(page, 'kafedra.session', 'open');
}

export interface Offer {
  teacherId: string;
  teacher: string;
  slotId: string;
  /** Token of the teacher, for the actions of the other side. */
  token: string;
}

/** A new teacher with one free hour, some days away. Each call makes another. */
export async function newOffer(days = 3): Promise<Offer> {
  const client = await request.newContext({ baseURL: test.info().project.use.baseURL });
  const person = newPerson('Марк Ольховский');
  const joined = await client.post('/api/v1/accounts', {
    data: { ...person, role: 'teacher', locale: 'ru' },
  });
  expect(joined.status()).toBe(201);
  const { account, token } = await joined.json();
  const headers = { authorization: `Bearer ${token}` };
  const profile = {
    subjects: ['mathematics'],
    goals: ['ege'],
    formats: ['online'],
    bio: 'Объясняю по шагам.',
  };
  expect((await client.patch('/api/v1/me/profile', { headers, data: profile })).status()).toBe(200);
  const slot = {
    starts_at: new Date(Date.now() + days * 86_400_000).toISOString(),
    duration_minutes: 60,
    subject: 'mathematics',
    lesson_type: 'regular',
    format: 'online',
    price: { amount: 180_000, currency: 'RUB' },
  };
  const opened = await client.post('/api/v1/slots', { headers, data: slot });
  expect(opened.status()).toBe(201);
  const { id } = await opened.json();
  // Waits until the catalogue has it.
  const position = opened.headers()['x-log-position'] as string;
  await client.get(`/api/v1/teachers/${account.id}/slots`, { headers: { 'min-log-position': position } });
  await client.dispose();
  return { teacherId: account.id, teacher: person.name, slotId: id, token };
}

/** Books by the API; returns the id of the lesson. */
export async function bookSome(page: Page, days?: number): Promise<string> {
  const { slotId } = await newOffer(days);
  const answer = await page.request.post(`/api/v1/slots/${slotId}/bookings`, { data: {} });
  expect(answer.status()).toBe(201);
  return slotId;
}

type Role = 'student' | 'teacher' | 'support' | 'analyst' | 'admin' | 'auditor';

/** Signs in as the demo person of a role; the cookie is then in the page's context. */
export async function signInAs(page: Page, role: Role) {
  const password = process.env.DEMO_PASSWORD ?? '';
  const answer = await page.request.post('/api/v1/session', {
    data: { email: `${role}@demo.test`, password },
  });
  expect(answer.status()).toBe(200);
  await store(page, 'kafedra.session', 'open');
}

/** Opens the session of a token in the page's context. */
export async function takeSession(page: Page, token: string) {
  const { hostname } = new URL(test.info().project.use.baseURL ?? '');
  const cookie = { name: 'kafedra_session', value: token, domain: hostname, path: '/' };
  await page.context().addCookies([{ ...cookie, httpOnly: true, sameSite: 'Lax' }]);
  await store(page, 'kafedra.session', 'open');
}
