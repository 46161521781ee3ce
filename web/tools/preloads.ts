// Tells dist/before-paint.js which files the page of each path needs, so that they are fetched with the first ones and
// not after them. Runs after the build; paths and texts are those of src/routes.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { filesOf, manifest } from './chunks.ts';

const SCRIPT = 'dist/before-paint.js';
const PLACE = 'const pages = [];';
const LANGUAGES = ['ru', 'en'] as const;

const first = filesOf(['index.html']);

/** Files of these chunks, without those that index.html names itself. */
function later(entries: string[]): string[] {
  for (const entry of entries) if (!manifest[entry]) throw new Error(`preloads: the build has no ${entry}`);
  return [...filesOf(entries)].filter((file) => !first.has(file));
}

interface Need {
  /** Pattern of the path; any path without one. */
  path?: string;
  /** True if only people with a session need it. */
  known?: boolean;
  chunks?: string[];
  texts?: string[];
}

function needOf(source: string): Need[] {
  const view = /lazyRouteComponent\(\(\) => import\('\.\/(\w+)'\)/.exec(source)?.[1];
  const path = /path: '([^']+)'/.exec(source)?.[1];
  if (!view || !path) return [];
  const texts = /loadTexts\(([^)]*)\)/.exec(source)?.[1] ?? '';
  return [
    {
      path: path.replaceAll(/\$\w+/g, '[^/]+'),
      chunks: [`src/routes/${view}.tsx`],
      texts: [...texts.matchAll(/'(\w+)'/g)].map(([, name]) => `${name}.json`),
    },
  ];
}

const routes = readdirSync('src/routes').filter((name) => name.endsWith('.tsx'));
const needs: Need[] = [
  { texts: ['index.ts'] },
  ...routes.flatMap((name) => needOf(readFileSync(`src/routes/${name}`, 'utf8'))),
];
// The home of people has more than the start page, at the same path.
for (const need of needs.filter(({ path }) => path === '/')) {
  needs.push({
    path: '/',
    known: true,
    chunks: ['src/features/scheduling/home/HomePage.tsx'],
    texts: need.texts,
  });
  need.texts = [];
}

const pages = needs.map(({ path, known, chunks = [], texts = [] }) => ({
  path,
  known,
  files: later(chunks),
  ...Object.fromEntries(
    LANGUAGES.map((language) => [language, later(texts.map((name) => `src/i18n/${language}/${name}`))]),
  ),
}));

const script = readFileSync(SCRIPT, 'utf8');
if (!script.includes(PLACE)) throw new Error(`preloads: ${SCRIPT} has no place for them`);
writeFileSync(SCRIPT, script.replace(PLACE, `const pages = ${JSON.stringify(pages)};`));
