import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const source = new URL('../src', import.meta.url).pathname;

function find(from: string, name: string): string | null {
  const base = name.startsWith('~/') ? resolve(source, name.slice(2)) : resolve(dirname(from), name);
  const candidates = [base, `${base}.ts`, `${base}.tsx`, `${base}/index.ts`];
  return candidates.find((path) => existsSync(path) && statSync(path).isFile()) ?? null;
}

/** Names of the icons that the start page shows: those in files that it imports without `import()`. */
export function startIcons(): Set<string> {
  const icons = new Set<string>();
  const visited = new Set<string>();
  const visit = (file: string) => {
    if (visited.has(file) || !/\.tsx?$/.test(file)) return;
    visited.add(file);
    const text = readFileSync(file, 'utf8');
    for (const [, names, from] of text.matchAll(/^(?:import|export)\s([^;]*?)\sfrom\s'([^']+)';/gms)) {
      if (from === '@tabler/icons-react')
        for (const [name] of (names ?? '').matchAll(/\bIcon\w+/g)) icons.add(name);
      const next =
        /^(~\/|\.)/.test(from ?? '') && !names?.startsWith('type ') ? find(file, from ?? '') : null;
      if (next) visit(next);
    }
  };
  visit(`${source}/main.tsx`);
  visit(`${source}/routes/StartOrHome.tsx`);
  return icons;
}
