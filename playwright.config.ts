import { defineConfig } from '@playwright/test';

const isRoot = process.getuid?.() === 0;

/** Debian's Chromium, quiet: it must not look for updates or accounts while it is being tested with. */
const chromium = {
  browserName: 'chromium' as const,
  launchOptions: {
    executablePath: process.env['LATCHKEY_CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      ...(isRoot ? ['--no-sandbox'] : []),
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-quic',
      '--disable-sync',
      '--no-first-run',
    ],
  },
};

export default defineConfig({
  outputDir: 'out/test/playwright',
  globalSetup: './tests/harness/build-workers.ts',
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  projects: [
    { name: 'web', testDir: 'tests/web', fullyParallel: true, use: chromium },
    { name: 'e2e', testDir: 'tests/e2e', timeout: 120_000, expect: { timeout: 20_000 } },
    { name: 'custody', testDir: 'tests/custody', workers: 1, timeout: 600_000, expect: { timeout: 60_000 } },
    { name: 'package', testDir: 'tests/package', workers: 1, timeout: 120_000 },
  ],
});
