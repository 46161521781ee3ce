import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { startIcons } from './tools/startIcons.ts';

const icons = startIcons();

/** Icons of the start page come in one file; others with the pages that use them. */
function isStartIcon(id: string): boolean {
  if (!id.includes('node_modules/@tabler/')) return false;
  const name = /\/(Icon\w+)\.mjs$/.exec(id)?.[1];
  return name === undefined || icons.has(name);
}

const api = process.env.APP_URL ?? 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [react()],
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
              test: /node_modules\/(react|react-dom|scheduler|@tanstack\/(?!react-virtual|virtual-core)[\w-]+|i18next|react-i18next|openapi-fetch)\//,
            },
            {
              name: 'shared',
              test: /src\/(api|ui)\/(?!.*(mantine|ZoneSelect|formErrors|frame|Dialog|Page|Table|Listed|Rows|rowLimit|LongTable|LongRows|virtual|Chip|Segments|chart|command))/,
            },
          ],
        },
      },
    },
  },
  test: { include: ['src/**/*.test.ts', 'tests/**/*.test.ts'], environment: 'node' },
});
