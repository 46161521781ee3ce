import { defineConfig } from '@playwright/test';

const baseURL = process.env.APP_URL ?? 'http://localhost:3000';

/** Journeys in the installed Chromium against a running app: `.ci/web` starts one. Nothing downloads a browser. */
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'e2e/results',
  fullyParallel: true,
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  // Bounds for what hangs, not for what is slow: the machine is shared.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  use: {
    baseURL,
    locale: 'ru-RU',
    timezoneId: 'Europe/Moscow',
    // The bar of a demo lies over the end of the start page; the test of the bar shows it.
    storageState: {
      cookies: [],
      origins: [{ origin: baseURL, localStorage: [{ name: 'kafedra.demo', value: 'hidden' }] }],
    },
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // Lesson rooms: invented devices, and media on this machine alone.
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        '--allow-loopback-in-peer-connection',
        '--autoplay-policy=no-user-gesture-required',
        '--disable-features=WebRtcHideLocalIpsWithMdns,LocalNetworkAccessChecks',
      ],
    },
  },
});
