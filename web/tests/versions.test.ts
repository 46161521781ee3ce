import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** Changes of things that have versions, and why a comparison would be of no use. */
const WITHOUT_COMPARISON: Record<string, string> = {
  '/api/v1/me/avatar': 'the picture is replaced as a whole, and the new one is seen',
  '/api/v1/messages/{id}': 'only its author changes a message',
  '/api/v1/notification-preferences': 'one switch is sent, and all others stay',
  '/api/v1/notification-preferences/quiet-hours': 'one pair of times of one person, replaced as a whole',
};
/** Parts that send a version and show the present state themselves when another one is there. */
const SHOWN_OTHERWISE: Record<string, string> = {
  'src/features/scheduling/calendar/SchedulePage.tsx': 'a moved block returns to where it is now',
  'src/features/crm/MergeDialog.tsx': 'the dialog chooses another ticket, and no field of this one',
  'src/features/crm/TicketComposer.tsx': 'the composer sends its status without a version, after a reply',
  'src/features/accounts/settings/LookCard.tsx':
    'each control sends the one value that it shows, without a version',
};
const COMPARES = /<(Comparison|ChangeRefused|SlotVersions|TwoVersions)\b/;

const document = JSON.parse(readFileSync('../api/openapi.json', 'utf8'));
const sources = globSync('src/**/*.{ts,tsx}')
  .filter((file) => !file.endsWith('schema.d.ts'))
  .map((file) => ({ file, text: readFileSync(file, 'utf8') }));

/** The functions `use…` of a file, each with its text. */
function hooksOf(text: string) {
  return text
    .split(/^(?=export )/m)
    .map((part) => ({ name: /^export function (use\w+)/.exec(part)?.[1], part }))
    .filter((hook): hook is { name: string; part: string } => hook.name !== undefined);
}

const hooks = sources.filter(({ file }) => file.endsWith('ommands.ts')).flatMap(({ text }) => hooksOf(text));
const guarded = hooks.filter(({ part }) => /'If-Match'|ifMatch\(/.test(part));

describe('a change of what others may have changed', () => {
  it('names the version that was shown, wherever the answer has one', () => {
    const versioned = Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(
      ([path, operations]) =>
        (['patch', 'put'] as const)
          .filter((method) => operations[method]?.responses['200']?.headers?.ETag)
          .map((method) => ({ path, call: `api.${method.toUpperCase()}('${path}'` })),
    );
    expect(versioned.length).toBeGreaterThan(8);
    const sent = versioned.filter(({ call }) => hooks.some(({ part }) => part.includes(call)));
    expect(sent.length).toBeGreaterThan(4);
    const unguarded = sent.filter(({ call }) => !guarded.some(({ part }) => part.includes(call)));
    expect(unguarded.map(({ path }) => path).toSorted()).toEqual(Object.keys(WITHOUT_COMPARISON).toSorted());
  });

  it('shows both versions after a 412, in each part that sends it', () => {
    expect(guarded.map(({ name }) => name).toSorted()).toEqual(
      expect.arrayContaining(['useChangeProfile', 'useChangeSlot', 'useChangeTicket', 'useCorrect']),
    );
    const silent = sources
      .filter(({ text }) => guarded.some(({ name }) => text.includes(`= ${name}(`)))
      .filter(({ text }) => !COMPARES.test(text))
      .map(({ file }) => file);
    expect(silent.toSorted()).toEqual(Object.keys(SHOWN_OTHERWISE).toSorted());
  });
});

interface Operation {
  responses: Record<string, { headers?: Record<string, unknown> }>;
}
