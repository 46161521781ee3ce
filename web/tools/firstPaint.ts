import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

const LANGUAGES = ['ru', 'en'] as const;
const STYLE = '/src/theme/first.css';
const read = (path: string) => readFileSync(new URL(`..${path}`, import.meta.url), 'utf8');

/** Makes index.html readable before the app is there: with the words of the start page and their styles. */
export function firstPaint(): Plugin {
  return {
    name: 'first-paint',
    transformIndexHtml: {
      order: 'pre',
      handler(html) {
        let filled = html.replace(/ *<link rel="stylesheet" href="(\S+first\.css)" \/>/, () => {
          const style = read(STYLE)
            .replace(/\/\*.*?\*\//gs, '')
            .replace(/\s+/g, ' ')
            .trim();
          return `    <style>${style}</style>`;
        });
        for (const language of LANGUAGES) {
          const { start } = JSON.parse(read(`/src/i18n/${language}/scheduling.json`));
          filled = filled.replaceAll(
            new RegExp(`\\{\\{${language}\\.(\\w+)\\}\\}`, 'g'),
            (_, name) => start[name],
          );
        }
        return filled;
      },
    },
  };
}

/** Gives scripts a lower priority than the words and styles of the first paint. */
export function wordsFirst(): Plugin {
  return {
    name: 'words-first',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (html) =>
        html.replaceAll(/<script type="module"|<link rel="modulepreload"/g, '$& fetchpriority="low"'),
    },
  };
}
