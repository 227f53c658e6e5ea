import { defineConfig } from '@playwright/test'
import { ensureBrowser } from './scripts/ensure-browser.ts'

/** Debian's Chromium, told not to call home: a closed network answers every such call with an error. */
const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Each test brings a context that has never run our scripts and ends within seconds: making them quicker is not worth
  // it, and takes an eighth of the processor time.
  '--js-flags=--no-opt --no-maglev',
  // Nothing is asked of anybody else's server, whatever a page names. Intercepting requests would do as much, but switches
  // the browser's cache off.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
]

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './tests/support/setup-e2e.ts',
  outputDir: 'test-results',
  // One installation, one after the other: the machine, not the tests, would set the pace otherwise.
  workers: 1,
  // Long enough for a machine that two suites share; what must be quick says so itself.
  timeout: 150_000,
  expect: { timeout: 15_000 },
  // As in vitest.config.ts: locally a failure is a failure.
  retries: process.env.CI ? 1 : 0,
  forbidOnly: true,
  reporter: 'list',
  use: {
    browserName: 'chromium',
    // Known once the installation is up: workers read this file after that.
    baseURL: process.env.E2E_APP_URL,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: ensureBrowser(), args: CHROMIUM_FLAGS },
  },
})
