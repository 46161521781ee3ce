// Compares the compressed script and style of each page with its budget. Fails if a page is too heavy.
import { existsSync, readFileSync, statSync } from 'node:fs';

const FIRST_KIB = 170;
const LATER_KIB = 80;

interface Chunk {
  file: string;
  css?: string[];
  imports?: string[];
  dynamicImports?: string[];
}
const manifest: Record<string, Chunk> = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'));

function filesOf(entries: string[]): Set<string> {
  const files = new Set<string>();
  const visited = new Set<string>();
  const visit = (key: string) => {
    const chunk = manifest[key];
    if (!chunk || visited.has(key)) return;
    visited.add(key);
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
    for (const next of chunk.imports ?? []) visit(next);
  };
  for (const entry of entries) visit(entry);
  return files;
}

const kib = (files: Iterable<string>) =>
  [...files].reduce((sum, file) => {
    const packed = `dist/${file}.br`;
    return sum + statSync(existsSync(packed) ? packed : `dist/${file}`).size;
  }, 0) / 1024;

// The heavier of the two languages counts.
const language = ['ru', 'en']
  .map((name) => `src/i18n/${name}/index.ts`)
  .sort((a, b) => kib(filesOf([b])) - kib(filesOf([a])))[0] as string;
const start = filesOf(['index.html', language, 'src/routes/StartOrHome.tsx']);
const routes = Object.keys(manifest).filter((key) => /^src\/routes\/\w+View\.tsx$/.test(key));
const later = routes.map((key) => {
  const files = [...filesOf([key])].filter((file) => !start.has(file));
  return { name: key, kib: kib(files), most: LATER_KIB };
});

let tooHeavy = false;
for (const page of [{ name: '/', kib: kib(start), most: FIRST_KIB }, ...later]) {
  tooHeavy ||= page.kib > page.most;
  console.log(`${page.kib.toFixed(1).padStart(7)} KiB of ${page.most}  ${page.name}`);
}
if (tooHeavy) {
  console.error('budget: a page is heavier than its budget');
  process.exit(1);
}
