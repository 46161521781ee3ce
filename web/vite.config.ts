import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { firstPaint, wordsFirst } from './tools/firstPaint.ts';
import { startIcons } from './tools/startIcons.ts';

const icons = startIcons();

/** Icons of the start page come in one file; others with the pages that use them. */
function isStartIcon(id: string): boolean {
  if (!id.includes('node_modules/@tabler/')) return false;
  const name = /\/(Icon\w+)\.mjs$/.exec(id)?.[1];
  return name === undefined || icons.has(name);
}

interface Modules {
  getModuleInfo(id: string): { importedIds: string[] } | null;
}

/** Tells whether a module of ours needs no form, menu or dialog, and so can come with every page. */
function isPlain(id: string, modules: Modules, visited = new Set<string>()): boolean {
  if (/node_modules\/@mantine\/core|src\/ui\/mantine\//.test(id)) return false;
  if (visited.has(id) || id.includes('node_modules')) return true;
  visited.add(id);
  return (modules.getModuleInfo(id)?.importedIds ?? []).every((next) => isPlain(next, modules, visited));
}

const api = process.env.APP_URL ?? 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [react(), firstPaint(), wordsFirst()],
  resolve: {
    alias: [
      { find: '~rtc', replacement: new URL('../signaling/page/rtc.js', import.meta.url).pathname },
      { find: '~', replacement: new URL('./src', import.meta.url).pathname },
    ],
  },
  server: {
    port: 5173,
    strictPort: true,
    fs: { allow: ['..'] },
    // The host of the request stays that of the page, so that the API sees one origin.
    proxy: { '/api': { target: api, changeOrigin: false, ws: true } },
  },
  build: {
    target: 'es2023',
    sourcemap: false,
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // What every page needs comes in three files, not in thirty.
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: 'icons', test: isStartIcon },
            {
              name: 'vendor',
              test: /node_modules\/(react|react-dom|scheduler|@tanstack\/(?!react-virtual|virtual-core)[\w-]+|i18next|react-i18next|openapi-fetch|use-sync-external-store)\//,
            },
            {
              name: 'shared',
              test: /src\/(api|ui)\/(?!.*(mantine|ZoneSelect|formErrors|frame|Dialog|Page|Table|Listed|Rows|rowLimit|LongTable|LongRows|virtual|Chip|Segments|TwoVersions|Comparison|chart|command))/,
            },
            // What many other pages share comes in a file of each kind.
            {
              name: 'menus',
              test: /@mantine\/core\/esm\/components\/(Menu|UnstyledButton|VisuallyHidden|Popover|Transition|Portal|Paper|Overlay|FocusTrap|Floating)\/|node_modules\/(@floating-ui|tabbable)\//,
              minShareCount: 2,
            },
            {
              name: 'fields',
              test: /@mantine\/core\/esm\/components\/(Input|InputBase|TextInput|Combobox|Select|CloseButton|ScrollArea)\//,
              minShareCount: 2,
            },
            {
              name: 'more-icons',
              test: (id: string) => id.includes('node_modules/@tabler/') && !isStartIcon(id),
              minShareCount: 2,
            },
            {
              name: (id: string, modules: Modules) =>
                /src\/(?!i18n)/.test(id) && isPlain(id, modules) ? 'common' : null,
              minShareCount: 6,
            },
          ],
        },
      },
    },
  },
  test: { include: ['src/**/*.test.ts', 'tests/**/*.test.ts'], environment: 'node' },
});
