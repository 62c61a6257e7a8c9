import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.mjs'],
    environment: 'node',
    // Real data and compiled kernels are made before the first test, as before start and build.
    globalSetup: ['scripts/vitest-setup.mjs'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Training tests are heavy and the machine that runs them may have two cores.
    maxWorkers: 2,
  },
});
