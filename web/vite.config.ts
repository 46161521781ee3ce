import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const api = process.env.APP_URL ?? 'http://127.0.0.1:3000';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '~': new URL('./src', import.meta.url).pathname } },
  server: {
    port: 5173,
    strictPort: true,
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
            { name: 'icons', test: /node_modules\/@tabler\// },
            {
              name: 'vendor',
              test: /node_modules\/(react|react-dom|scheduler|@tanstack|i18next|react-i18next|openapi-fetch)\//,
            },
            { name: 'shared', test: /src\/(api|ui)\/(?!.*(mantine|ZoneSelect|formErrors|frame))/ },
          ],
        },
      },
    },
  },
  test: { include: ['src/**/*.test.ts', 'tests/**/*.test.ts'], environment: 'node' },
});
