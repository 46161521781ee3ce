import type { Page } from '@playwright/test';

type Row = Record<string, unknown>;

/** The same row under another id, later in the list. */
function repeat(row: Row, index: number): Row {
  const copy = { ...row };
  const id = typeof row.id === 'string' ? row.id.slice(0, 24) + String(index).padStart(12, '0') : row.id;
  if (row.id !== undefined) copy.id = id;
  if (row.client_id !== undefined) copy.client_id = id;
  if (row.position !== undefined) copy.position = index + 1;
  if (row.sequence !== undefined && row.client_id !== undefined) copy.sequence = index + 1;
  return copy;
}

/** Makes a list of the API long: the rows of its real answer, repeated. */
export async function lengthen(page: Page, list: string, rows = 10_000) {
  await page.route(list, async (route) => {
    if (route.request().method() !== 'GET') return route.continue();
    const answer = await route.fetch();
    const json = (await answer.json()) as { data: Row[]; page: object };
    const data = Array.from({ length: rows }, (_, index) =>
      repeat(json.data[index % json.data.length] as Row, index),
    );
    const page = { ...json.page, next_cursor: null, has_more: false, total: rows };
    await route.fulfill({ response: answer, json: { ...json, data, page } });
  });
}

/** Returns the nearest box that scrolls a row, else the page. Runs in the page. */
export function scrollerOf(row: Element): Element {
  for (let one = row.parentElement; one; one = one.parentElement) {
    const { overflowY } = getComputedStyle(one);
    if (/auto|scroll/.test(overflowY) && one.scrollHeight > one.clientHeight) return one;
  }
  return document.documentElement;
}
