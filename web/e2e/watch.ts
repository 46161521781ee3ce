import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Page } from '@playwright/test';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Collects what must not happen on a page: errors in the console, broken scripts, requests to other origins. */
export function watch(page: Page): string[] {
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    const own = new URL(page.url() === 'about:blank' ? request.url() : page.url()).origin;
    if (protocol.startsWith('http') && origin !== own) faults.push(`foreign request: ${request.url()}`);
  });
  return faults;
}

interface AxeResult {
  violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
}

/** Checks with axe; serious and critical findings fail. */
export async function expectAccessible(page: Page, place: string) {
  // Evaluated, not added as a script: the policy of the page forbids the latter.
  await page.evaluate(axeSource);
  const result = (await page.evaluate('axe.run({ resultTypes: ["violations"] })')) as AxeResult;
  const found = result.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
  expect.soft(found, `axe on ${place}`).toEqual([]);
}

/** No sideways scrolling, no key of a text in place of the text. */
export async function expectWhole(page: Page, place: string) {
  const over = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect.soft(over, `sideways scrolling on ${place}`).toBeLessThanOrEqual(0);
  // Addresses of people have dots as keys have.
  // biome-ignore lint/performance/useDomNodeTextContent: only what is seen counts
  const text = (await page.evaluate(() => document.body.innerText)).replace(/\S+@\S+/g, '');
  expect
    .soft(text, `raw keys on ${place}`)
    .not.toMatch(
      /\b(common|accounts|scheduling|problems|calendar|messaging|notifications|support|crm|analytics|admin|settings|room|links|home|palette|demo|students)[.:]\w|\b[a-z]+\.[a-z]+\.[a-z]+\b|\{\{/,
    );
  // The order of the styles decides whether the page has its own ground.
  const [ground, canvas] = await page.evaluate(() => {
    const style = getComputedStyle(document.body);
    const probe = document.createElement('i');
    probe.style.color = style.getPropertyValue('--canvas');
    document.body.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return [style.backgroundColor, color];
  });
  expect.soft(ground, `ground of ${place}`).toBe(canvas);
  await expect(page.locator('main')).toHaveCount(1);
  await expect(page.locator('h1:visible, h2:visible').first()).toBeVisible();
}

/** Waits until the page has what it loads: no skeleton, the fonts there. */
export async function expectLoaded(page: Page) {
  await expect(page.locator('main').locator('h1:visible, h2:visible').first()).toBeVisible();
  await expect(page.locator('[aria-busy="true"], [class*="_bone_"]')).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready.then(() => {}));
}
