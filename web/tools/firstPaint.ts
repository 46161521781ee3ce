import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

const LANGUAGES = ['ru', 'en'] as const;
const STYLE = '/src/theme/first.css';
const read = (path: string) => readFileSync(new URL(`..${path}`, import.meta.url), 'utf8');

/**
 * Makes index.html readable before anything else is there: with the words of the start page and the styles of the first
 * paint. The other styles come behind the words, where they do not hold up their paint.
 */
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

/** Moves the links to styles behind the words, and gives scripts a lower priority than what the words need. */
export function wordsFirst(): Plugin {
  return {
    name: 'words-first',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html) {
        const links = html.match(/ *<link rel="stylesheet"[^>]*>\n/g) ?? [];
        const without = links.reduce((rest, link) => rest.replace(link, ''), html);
        return without
          .replaceAll(/<script type="module"|<link rel="modulepreload"/g, '$& fetchpriority="low"')
          .replace('  </body>', `${links.join('')}  </body>`);
      },
    },
  };
}
