import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import document from '../../api/openapi.json';
import { LOCAL_CODES } from '../src/api/problem';

type Tree = { [key: string]: string | Tree };

const read = (language: string, file: string): Tree =>
  JSON.parse(readFileSync(`src/i18n/${language}/${file}`, 'utf8'));
const files = readdirSync('src/i18n/ru').filter((name) => name.endsWith('.json'));

/** Keys without the endings of plurals, which differ between languages. */
function keysOf(tree: Tree, before = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [before + key.replace(/_(one|few|many|other)$/, '')]
      : keysOf(value, `${before}${key}.`),
  );
}
const sorted = (tree: Tree) => [...new Set(keysOf(tree))].sort();

const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();

describe.each(files)('%s', (file) => {
  it('has the same keys in both languages', () => {
    expect(sorted(read('en', file))).toEqual(sorted(read('ru', file)));
  });

  it('has every plural of its language', () => {
    for (const [language, endings] of [
      ['ru', ['one', 'few', 'many', 'other']],
      ['en', ['one', 'other']],
    ] as const) {
      const raw = JSON.stringify(read(language, file));
      for (const [, name] of raw.matchAll(/"(\w+)_one":/g)) {
        for (const ending of endings) expect(raw, `${language} ${name}`).toContain(`"${name}_${ending}":`);
      }
    }
  });

  it('puts the same values into both languages', () => {
    const [ru, en] = [read('ru', file), read('en', file)];
    const walk = (left: Tree, right: Tree) => {
      for (const [key, value] of Object.entries(left)) {
        const other = right[key];
        if (typeof value === 'string') {
          if (typeof other === 'string') expect(placeholders(other), key).toEqual(placeholders(value));
        } else if (typeof other === 'object') walk(value, other);
      }
    };
    walk(ru, en);
  });
});

describe('problems.json', () => {
  const { codes } = read('ru', 'problems.json') as { codes: Tree };

  it('has a sentence for every refusal that the API document names', () => {
    type Response = { 'x-problem-codes'?: string[] };
    const named = new Set<string>();
    const name = (response: object) => {
      for (const code of (response as Response)['x-problem-codes'] ?? []) named.add(code);
    };
    for (const path of Object.values(document.paths)) {
      for (const operation of Object.values(path) as { responses: Record<string, object> }[]) {
        Object.values(operation.responses).forEach(name);
      }
    }
    Object.values(document.components.responses).forEach(name);
    expect(named.size).toBeGreaterThan(60);
    expect([...named].filter((code) => !(code in codes))).toEqual([]);
  });

  it('has a sentence for what the client itself finds out', () => {
    expect(LOCAL_CODES.filter((code) => !(code in codes))).toEqual([]);
  });

  it('says nothing that only a programmer understands', () => {
    for (const language of ['ru', 'en']) {
      const text = JSON.stringify(read(language, 'problems.json').codes);
      expect(text).not.toMatch(
        /trace_id|Retry-After|Idempotency-Key|If-Match|ETag|\breasons\b|current_password|JSON/,
      );
    }
  });
});

/** Texts that are named by a code, and the list of the API document that has the codes. */
const BY_CODE = {
  'admin.circuit': 'CircuitState',
  'admin.cause': 'CrmFailure',
  'admin.delivery': 'CrmDeliveryStatus',
  'admin.kinds': 'HandlerKind',
  'admin.listener': 'HandlerState',
  'admin.nats': 'NatsState',
  'admin.operations.names': 'CrmOperation',
  'admin.outcome': 'CrmCallOutcome',
  'admin.state': 'CrmLinkStatus',
  'admin.what': 'CrmCallPurpose',
  'analytics.about': 'Report',
  'analytics.comparisons': 'ReportComparison',
  'analytics.dates': 'ReportDate',
  'analytics.entities': 'ReportEntity',
  'analytics.intervals': 'ReportInterval',
  'analytics.reports': 'Report',
  'calendar.requests.fits': 'MatchingRule',
  'calendar.requests.reason': 'MatchingRule',
  'calendar.requests.state': 'LessonRequestStatus',
  'calendar.series.state': 'SeriesStatus',
  'calendar.waitlist.state': 'WaitlistStatus',
  'common.roles': 'Role',
  'crm.choices.priority': 'TicketPriority',
  'crm.choices.status': 'TicketStatus',
  'crm.languages': 'Locale',
  'crm.priority': 'TicketPriority',
  'crm.types': 'UserType',
  'crm.userStatus': 'ListedAccountStatus',
  'notifications.channels': 'NotificationChannel',
  'notifications.kinds': 'NotificationKind',
  'notifications.reason': 'NotificationDeliveryReason',
  'notifications.state': 'NotificationDeliveryState',
  'scheduling.lesson.by': 'LessonParty',
  'scheduling.lesson.seat': 'BookingStatus',
  'scheduling.lesson.state': 'LessonStatus',
  'support.status': 'TicketStatus',
} as const;

/** Codes that never come to a place: a teacher who is asked later has no offer yet. */
const NEVER: Partial<Record<keyof typeof BY_CODE, string[]>> = {
  'calendar.requests.fits': ['enough_others'],
};

const at = (tree: Tree, path: string[]): Tree => path.reduce<Tree>((found, key) => found[key] as Tree, tree);

describe.each(Object.entries(BY_CODE))('%s', (place, list) => {
  it(`has a word for every code of ${list}`, () => {
    const [file = '', ...path] = place.split('.');
    const codes: string[] = document.components.schemas[list].enum;
    const words = at(read('ru', `${file}.json`), path);
    const never = NEVER[place as keyof typeof BY_CODE] ?? [];
    expect(codes.filter((code) => !(code in words))).toEqual(never);
  });
});

it('admin.counts has a word for every figure of a comparison', () => {
  const figures = Object.entries(document.components.schemas.CrmComparison.properties)
    .filter(([, schema]) => 'type' in schema && schema.type === 'integer')
    .map(([name]) => name);
  const { counts } = read('ru', 'admin.json') as { counts: Tree };
  expect(figures.filter((name) => !(name in counts))).toEqual([]);
  expect(figures.length).toBeGreaterThan(5);
});
