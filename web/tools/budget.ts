// Compares the compressed script and style of each page with its budget. Fails if a page is too heavy.
import { existsSync, statSync } from 'node:fs';
import { filesOf, manifest } from './chunks.ts';

const FIRST_KIB = 170;
const LATER_KIB = 80;

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
