/**
 * The engine's GPU backends (on the browser's software adapter) against our own CPU paths, in a worker of a real
 * browser: `webgpu` by our own kernels, and TensorFlow.js where it is reachable. Without WebGPU these tests fail.
 */
import { expect, type Page, test } from '@playwright/test';
import type { QuantSpec } from '../src/models/types';
import type { Comparison, Path } from './harness/worker';
import { openHarness, remote } from './support/harness';

openHarness();

const compare = (page: Page, net: 'mlp' | 'cnn', id: Path, other: Path, quant?: QuantSpec) =>
  remote(page, 'compare', net, id, other, quant);

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

test('the software adapter is there and says what it is', async ({ page }) => {
  const options = await remote(page, 'probe');
  expect(options.find((o) => o.id === 'webgpu')).toMatchObject({
    available: true,
    detail: expect.stringContaining('software'),
  });
});

test('webgpu trains and evaluates a small network as simd does', async ({ page }) => {
  const got = await compare(page, 'mlp', 'webgpu', 'simd');
  expect(got.device).toMatch(/^WebGPU .*software/);
  expectSame(got);
});

test('TensorFlow.js on webgpu trains as simd does, and frees its memory', async ({ page }) => {
  const got = await compare(page, 'mlp', 'tfjs-webgpu', 'simd');
  expectSame(got);
  expect(got.tensors).toEqual([0, 0]);
});

test('TensorFlow.js on webgpu trains a convolutional network as our kernels do', async ({ page }) => {
  expectSame(await compare(page, 'cnn', 'webgpu', 'tfjs-webgpu'));
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
  const { report, tensorflow } = await remote(page, 'choose', 'auto');
  expect(report.id).toBe('simd');
  expect(tensorflow).toBe(false);
});

test('a software adapter is used when it is asked for', async ({ page }) => {
  const { report, problem, tensorflow } = await remote(page, 'choose', 'webgpu');
  expect(problem).toBeUndefined();
  // Our own kernels train; TensorFlow.js is not even loaded.
  expect(tensorflow).toBe(false);
  expect(report).toMatchObject({ id: 'webgpu', why: 'chosen' });
});
