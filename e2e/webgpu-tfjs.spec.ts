/** Any model trains through TensorFlow.js when asked: on each of its backends that a page can have. */
import { expect, test } from '@playwright/test';
import { openHarness, remote } from './support/harness';

openHarness();

for (const id of ['webgl', 'wasm', 'tfjs-webgpu'] as const) {
  test(`${id} trains a network with every kind of layer as simd does`, async ({ page }) => {
    const got = await remote(page, 'tfjsGraph', id);
    expect(got.id).toBe(id);
    expect(got.results).toHaveLength(2);
    for (const { off, moved, lossOff, correct, evalOff } of got.results) {
      expect(moved).toBeGreaterThan(1e-3);
      expect(off).toBeLessThan(1e-4);
      expect(lossOff).toBeLessThan(1e-4);
      expect(evalOff).toBeLessThan(1e-4);
      expect(correct[0]).toBe(correct[1]);
    }
  });
}

test('webgl holds after 20 steps what it held after 5, and nothing in the end', async ({ page }) => {
  const [early, late, end] = await remote(page, 'tfjsHeld', 'webgl');
  expect(early.tensors).toBeGreaterThan(0);
  expect(late).toEqual(early);
  expect(end.tensors).toBe(0);
});
