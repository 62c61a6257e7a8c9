import { defineConfig } from '@playwright/test';
import { browserArgs, findBrowser, webgpuArgs } from './scripts/browser.mjs';

const port = process.env.E2E_PORT ?? '5199';
const executablePath = process.env.CHROMIUM_PATH ?? findBrowser();
const webgpuSpecs = /webgpu.*\.spec\.ts$/;

/** The browser tests drive the production build, served as visitors get it. Training on a CPU takes its time. */
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/browser',
  workers: 1,
  retries: 0,
  forbidOnly: !!process.env.CI,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  use: {
    baseURL: `http://localhost:${port}`,
    locale: 'en-US',
    viewport: { width: 1366, height: 768 },
    screenshot: 'only-on-failure',
    trace: 'off',
  },
  projects: [
    {
      name: 'lab',
      testIgnore: webgpuSpecs,
      use: { launchOptions: { executablePath, args: browserArgs } },
    },
    {
      name: 'webgpu',
      testMatch: webgpuSpecs,
      use: { launchOptions: { executablePath, args: [...browserArgs, ...webgpuArgs] } },
    },
  ],
  webServer: {
    command: 'node node_modules/vite/bin/vite.js preview',
    env: { PORT: port },
    url: `http://localhost:${port}/data/mnist/manifest.json`,
    reuseExistingServer: false,
    timeout: 60_000,
  },
});
