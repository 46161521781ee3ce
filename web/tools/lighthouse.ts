// Measures the pages that the design names with Lighthouse, against a running demo installation: with a cold cache on a
// desktop and on a phone with fast 3G (150 ms, 1.6 Mbit/s), and on the phone of a person who has opened another page
// before. The networks are simulated; the processor is that of this machine, which is shared and slow enough. Fails if a
// page is below its budget in each of five runs.
//
//   APP_URL=http://localhost:3000 node tools/lighthouse.ts
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import lighthouse, { defaultConfig, desktopConfig } from 'lighthouse';

const base = process.env.APP_URL ?? 'http://localhost:3000';
const RUNS = 5;
const SCORES = { performance: 95, accessibility: 100, 'best-practices': 100 };
/** Lowest score of performance on a phone that has no file of the app yet, but for `/`. */
const ON_NEW_PHONE = 85;
/** On `/` for a stranger with a phone, in ms. */
const FIRST_PAGE = { 'first-contentful-paint': 1_500, interactive: 3_000 };

const PAGES: { path: string; role: string | null }[] = [
  { path: '/', role: null },
  { path: '/teachers', role: null },
  { path: '/lessons', role: 'student' },
  { path: '/crm', role: 'analyst' },
];

interface Person {
  role: string;
  email: string;
  password: string;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}

const { people } = (await (await fetch(`${base}/api/v1/demo`)).json()) as { people: Person[] };

const PHONE = {
  ...defaultConfig,
  settings: {
    ...defaultConfig.settings,
    throttling: { ...defaultConfig.settings?.throttling, cpuSlowdownMultiplier: 1 },
  },
};
const DEVICES = {
  desktop: { config: desktopConfig, isCold: true },
  'new phone': { config: PHONE, isCold: true },
  phone: { config: PHONE, isCold: false },
};
type Device = keyof typeof DEVICES;

async function measure(path: string, role: string | null, device: Device) {
  const folder = mkdtempSync(join(tmpdir(), 'kafedra-lighthouse-'));
  const port = await freePort();
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [`--remote-debugging-port=${port}`, '--no-sandbox', '--disable-gpu', '--no-first-run'],
    locale: 'ru-RU',
  });
  try {
    const page = await context.newPage();
    const person = people.find((one) => one.role === role);
    if (person) {
      await page.request.post(`${base}/api/v1/session`, {
        data: { email: person.email, password: person.password },
      });
    }
    await page.goto(`${base}/login`);
    await page.evaluate((open) => {
      localStorage.setItem('kafedra.demo', 'hidden');
      localStorage.setItem('kafedra.language', 'ru');
      if (open) localStorage.setItem('kafedra.session', 'open');
    }, person !== undefined);
    const { config, isCold } = DEVICES[device];
    if (isCold) {
      // The session stays, and no file does.
      const browser = await context.newCDPSession(page);
      await browser.send('Network.enable');
      await browser.send('Network.clearBrowserCache');
    }
    await page.close();
    const flags = { port, logLevel: 'error', disableStorageReset: true } as const;
    const result = await lighthouse(
      `${base}${path}`,
      { ...flags, onlyCategories: Object.keys(SCORES) },
      config,
    );
    if (!result) throw new Error(`no result for ${path}`);
    return result.lhr;
  } finally {
    await context.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Result = Awaited<ReturnType<typeof measure>>;

/** Names the budgets that a run exceeds. */
function faultsOf(path: string, device: Device, lhr: Result): string[] {
  const faults: string[] = [];
  const isFirst = path === '/' && device !== 'desktop';
  const scores = device === 'new phone' && !isFirst ? { ...SCORES, performance: ON_NEW_PHONE } : SCORES;
  for (const [name, least] of Object.entries(scores)) {
    const score = Math.round((lhr.categories[name]?.score ?? 0) * 100);
    if (score < least) faults.push(`${name} ${score} < ${least}`);
  }
  if (isFirst) {
    for (const [name, most] of Object.entries(FIRST_PAGE)) {
      const value = Math.round(lhr.audits[name]?.numericValue ?? Number.POSITIVE_INFINITY);
      if (value > most) faults.push(`${name} ${value} ms > ${most} ms`);
    }
  }
  return faults;
}

function summaryOf(lhr: Result): string {
  const score = (name: string) => Math.round((lhr.categories[name]?.score ?? 0) * 100);
  const time = (name: string) => `${Math.round(lhr.audits[name]?.numericValue ?? -1)} ms`;
  return [
    `performance ${score('performance')}`,
    `accessibility ${score('accessibility')}`,
    `best practices ${score('best-practices')}`,
    `first paint ${time('first-contentful-paint')}`,
    `largest ${time('largest-contentful-paint')}`,
    `usable ${time('interactive')}`,
    `blocked ${time('total-blocking-time')}`,
    `shift ${(lhr.audits['cumulative-layout-shift']?.numericValue ?? -1).toFixed(3)}`,
  ].join(', ');
}

const visits = (Object.keys(DEVICES) as Device[]).flatMap((device) =>
  PAGES.map((page) => ({ ...page, device })),
);
let failed = false;
for (const { path, role, device } of visits) {
  let faults: string[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const lhr = await measure(path, role, device);
    faults = faultsOf(path, device, lhr);
    console.log(`${path.padEnd(10)} ${device.padEnd(9)} ${summaryOf(lhr)}`);
    if (faults.length === 0) break;
    for (const id of ['accessibility', 'best-practices']) {
      for (const { id: audit, weight } of lhr.categories[id]?.auditRefs ?? []) {
        const found = lhr.audits[audit];
        if (weight > 0 && found && found.score !== null && found.score < 1) {
          console.log(`           ${found.title}: ${JSON.stringify(found.details ?? {}).slice(0, 600)}`);
        }
      }
    }
  }
  if (faults.length > 0) {
    failed = true;
    console.error(`lighthouse: ${path} on a ${device}: ${faults.join(', ')}`);
  }
}
if (failed) process.exit(1);
