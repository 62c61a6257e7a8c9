/**
 * TensorFlow.js on WebGPU (the browser's software adapter) against our own CPU path, in a worker of a real
 * browser. The page is a harness of its own, built here and not shipped. Without WebGPU these tests fail.
 */
import { fileURLToPath } from 'node:url';
import { expect, type Page, test } from '@playwright/test';
import { build, type PreviewServer, preview } from 'vite';
import { browserArgs, findBrowser, webgpuArgs } from '../scripts/browser.mjs';
import type { BackendId } from '../src/engine/types';
import type { QuantSpec } from '../src/models/types';
import type { Comparison, Harness } from './harness/worker';

const root = fileURLToPath(new URL('./harness', import.meta.url));
const outDir = fileURLToPath(new URL('../test-results/harness', import.meta.url));
let server: PreviewServer;
let url: string;

// WebGPU and WebGL both on the software adapter, whatever project this runs in.
const args = [...browserArgs, ...webgpuArgs, '--enable-unsafe-swiftshader'];
test.use({ launchOptions: { executablePath: process.env.CHROMIUM_PATH ?? findBrowser(), args } });

test.beforeAll(async () => {
  const common = { configFile: false, root, logLevel: 'warn', build: { outDir, emptyOutDir: true } } as const;
  await build({ ...common, worker: { format: 'es' } });
  server = await preview({ ...common, preview: { port: Number(process.env.HARNESS_PORT ?? 5204) } });
  url = server.resolvedUrls!.local[0];
});
test.afterAll(() => server?.close());

type Remote = { harness: Harness };
const compare = (page: Page, net: 'mlp' | 'cnn', id: BackendId, other: BackendId, quant?: QuantSpec) =>
  page.evaluate(([n, i, o, q]) => (window as unknown as Remote).harness.compare(n, i, o, q), [
    net,
    id,
    other,
    quant,
  ] as const);

function expectSame(got: Comparison): void {
  expect(got.moved).toBeGreaterThan(1e-3);
  expect(got.off).toBeLessThan(1e-4);
  expect(got.losses[0]).toHaveLength(3);
  got.losses[0].forEach((loss, i) => {
    expect(Math.abs(loss - got.losses[1][i])).toBeLessThan(1e-4);
  });
  expect(got.correct[0]).toBe(got.correct[1]);
  expect(Math.abs(got.evalLoss[0] - got.evalLoss[1])).toBeLessThan(1e-2);
}

test.beforeEach(({ page }) => page.goto(url));

test('the software adapter is there and says what it is', async ({ page }) => {
  const options = await page.evaluate(() => (window as unknown as Remote).harness.probe());
  expect(options.find((o) => o.id === 'webgpu')).toMatchObject({
    available: true,
    detail: expect.stringContaining('software'),
  });
});

test('webgpu trains and evaluates a small network as simd does, and frees its memory', async ({ page }) => {
  const got = await compare(page, 'mlp', 'webgpu', 'simd');
  expect(got.device).toMatch(/^WebGPU .*software/);
  expectSame(got);
  expect(got.tensors).toEqual([0, 0]);
});

test('webgpu trains and evaluates a convolutional network as the plain reference does', async ({ page }) => {
  expectSame(await compare(page, 'cnn', 'webgpu', 'reference'));
});

test('webgpu trains through quantization as the plain reference does', async ({ page }) => {
  expectSame(
    await compare(page, 'mlp', 'webgpu', 'reference', { bits: 4, scheme: 'affine', granularity: 'channel' }),
  );
});

test('webgl trains and evaluates a convolutional network as the plain reference does', async ({ page }) => {
  expectSame(await compare(page, 'cnn', 'webgl', 'reference'));
});

test('the wasm package finds its binaries and trains a convolutional network', async ({ page }) => {
  expectSame(await compare(page, 'cnn', 'wasm', 'reference'));
});

test('a software adapter is never chosen by itself, nor is TensorFlow.js loaded for it', async ({ page }) => {
  const { report, tensorflow } = await page.evaluate(() =>
    (window as unknown as Remote).harness.choose('auto'),
  );
  expect(report.id).toBe('simd');
  expect(tensorflow).toBe(false);
});

test('a software adapter is used when it is asked for', async ({ page }) => {
  const { report, problem } = await page.evaluate(() =>
    (window as unknown as Remote).harness.choose('webgpu'),
  );
  expect(problem).toBeUndefined();
  expect(report).toMatchObject({ id: 'webgpu', why: 'chosen' });
});
