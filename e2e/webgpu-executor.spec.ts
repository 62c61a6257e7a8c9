/**
 * Our WebGPU executor on the browser's software adapter, in a worker of a real browser: every op against the plain
 * reference, whole trainings against our CPU path, and what it asks of the device. Without WebGPU these tests fail.
 */
import { expect, test } from '@playwright/test';
import type { FormId } from '../src/kernels/forms/types';
import type { QuantSpec } from '../src/models/types';
import { openHarness, remote } from './support/harness';

openHarness();

/** Every difference is at most this, and there is something to compare. */
function expectOff(found: Record<string, Record<string, number>>, most: number): void {
  expect(Object.keys(found).length).toBeGreaterThan(5);
  for (const [what, offs] of Object.entries(found)) {
    for (const [tensor, value] of Object.entries(offs))
      expect(value, `${what}: ${tensor}`).toBeLessThan(most);
  }
}

/** The suites ran, and nothing was off. */
function expectRight({ count, wrong }: { count: number; wrong: string[] }, least: number): void {
  expect(wrong).toEqual([]);
  expect(count).toBeGreaterThanOrEqual(least);
}

// Blocks of 8 rows serve dense layers only. Every variant gets other cases of the suites: each is a shader to compile.
for (const [variant, stride] of [
  ['block4x4', 5],
  ['block4x8', 23],
  ['block8x8few', 7],
  ['tile16', 17],
  ['tile32', 29],
] as const) {
  test(`matrix products, ${variant}: as the plain reference`, async ({ page }) => {
    expectRight(await remote(page, 'suites', 'products', variant, stride), 10);
  });
}

// Executable forms, each on every n-th case of its suite.
const FORMS: readonly (readonly [FormId, stride: number])[] = [
  ['csr', 9],
  ['bitmap', 9],
  ['block4', 31],
  ['nm', 19],
  ['int8', 31],
  ['int8-weights', 9],
  ['int4', 13],
  ['codebook', 11],
  ['xnor', 11],
];
for (const [id, stride] of FORMS) {
  test(`form ${id}, every variant: as the plain reference`, async ({ page }) => {
    const found = await remote(page, 'forms', id, stride);
    expectRight(found, 10);
    if (id === 'int8') expect(found.variants.join()).toMatch(/^dot4I8Packed,unpack and multiply/);
  });
}

test('all other ops as the plain reference', async ({ page }) => {
  expectRight(await remote(page, 'suites', 'others', 'block4x4', 1), 200);
});

test('gradients of several readers and of relu are taken on the way', async ({ page }) => {
  expectRight(await remote(page, 'fusions'), 15);
});

test('quantization as the plain reference', async ({ page }) => {
  expectOff(await remote(page, 'quants'), 2e-6);
});

test('variants race once per shape, and the winner is remembered, also on the next visit', async ({
  page,
}) => {
  const { first, second, variants, raced, later } = await remote(page, 'tuned');
  expect(variants).toHaveLength(1);
  expect(first).toBe(`dense forward 128-132 ${variants[0]}`);
  expect(second).toBe(first);
  expect(raced[0]).toBeGreaterThan(100);
  expect(raced[1]).toBe(raced[0]);
  expect(later).toEqual({ first, second, variants, raced: [0, 0] });
});

test('two steps of LeNet-300-100 as simd, and the same bits when run again', async ({ page }) => {
  const got = await remote(page, 'lenet');
  expect(got.off).toBeLessThan(1e-4);
  expect(got.lossOff).toBeLessThan(1e-4);
  expect(got.losses).toHaveLength(2);
  expect(got.bits[0]).toEqual(got.bits[1]);
  expect(new Set(got.bits[0]).size).toBe(got.bits[0].length);
});

test('penalties, and masks that come on the way, act as on simd', async ({ page }) => {
  const found = await remote(page, 'sparse');
  expect(Object.keys(found)).toHaveLength(8);
  for (const [name, { off, zeros, momentZeros }] of Object.entries(found)) {
    expect(off, name).toBeLessThan(1e-4);
    expect(zeros[0], name).toBe(zeros[1]);
    if (name.startsWith('l1-proximal') || name.startsWith('pruned'))
      expect(zeros[0], name).toBeGreaterThan(0);
    if (name.startsWith('pruned')) expect(momentZeros[0], name).toBe(momentZeros[1]);
  }
});

test('a step of LeNet-300-100 with Adam takes few dispatches and makes nothing', async ({ page }) => {
  const { before, after, perStep, held, end } = await remote(page, 'resources');
  expect(perStep).toBeGreaterThan(0);
  expect(perStep).toBeLessThanOrEqual(14);
  expect(after.dispatches - before.dispatches).toBe(3 * perStep);
  expect(after).toMatchObject({ buffers: before.buffers, bytes: before.bytes, pipelines: before.pipelines });
  expect(held[1]).toBe(held[0]);
  expect(held[2]).toBe(held[0]);
  expect(end).toMatchObject({ buffers: 0, bytes: 0 });
});

test('a network with every kind of layer trains as on simd: optimizers, masks, held weights, fake-quant, moves, soft labels', async ({
  page,
}) => {
  const found = await remote(page, 'graphs');
  expect(Object.keys(found)).toHaveLength(12);
  for (const [name, { off, moved, lossOff, evalOff, correct, strayed, held }] of Object.entries(found)) {
    expect(off, name).toBeLessThan(1e-4);
    expect(moved, name).toBeGreaterThan(1e-2);
    expect(lossOff, name).toBeLessThan(1e-4);
    expect(evalOff, name).toBeLessThan(1e-4);
    expect(correct[0], name).toBe(correct[1]);
    expect(strayed, name).toBe(0);
    expect(held > 50, name).toBe(name.startsWith('held'));
  }
});

test('networks trained together, in one dispatch or in turns, get the bits of those trained alone', async ({
  page,
}) => {
  const { stacked, turns, different, dispatches } = await remote(page, 'stacked');
  expect(different).toBe(true);
  expect(stacked).toEqual([true, true, true]);
  expect(turns).toEqual([true, true, true]);
  expect(dispatches.stacked).toBe(dispatches.turns);
});

test('a network that leaves a stack in the middle harms no other, and nothing of the stack stays', async ({
  page,
}) => {
  const { outcome, same, held } = await remote(page, 'deserted');
  expect(outcome).toBe('engine.misuse');
  expect(same).toBe(true);
  // The data set on the device (pixels, labels, their scale), and what reads go through.
  expect(held).toBe(4);
});

test('a data set larger than a buffer may be is read from several', async ({ page }) => {
  const { same, dispatches, evaluations } = await remote(page, 'pages');
  expect(same).toBe(true);
  expect(evaluations[0].correct).toBe(evaluations[1].correct);
  // Summed over other parts.
  expect(Math.abs(evaluations[0].loss - evaluations[1].loss)).toBeLessThan(1e-2);
  expect(dispatches[0]).toBe(dispatches[1] + 2);
});

test('a training that was stopped goes on with the same bits, and on simd to the same end', async ({
  page,
}) => {
  const found = await remote(page, 'resumed');
  expect(Object.keys(found)).toHaveLength(3);
  for (const [name, { same, elsewhere }] of Object.entries(found)) {
    expect(same, name).toBe(true);
    expect(elsewhere, name).toBeLessThan(1e-4);
  }
});

test('after 200 steps as much is held as after 20', async ({ page }) => {
  const { early, late } = await remote(page, 'held');
  expect(late).toEqual(early);
});

test('a step of every network takes as few dispatches as its plan allows', async ({ page }) => {
  expect(await remote(page, 'dispatches')).toEqual({
    'lenet-300-100': 11,
    'lenet-5': 20,
    'conv-2': 21,
    'conv-4': 29,
    'conv-6': 37,
    'resnet-8': 82,
    'resnet-20': 184,
    'mobilenet-tiny': 95,
  });
});

test('more steps than the schedule holds, with images that come in meanwhile, as simd', async ({ page }) => {
  const got = await remote(page, 'longRun');
  expect(got.steps).toBe(300);
  expect(got.off).toBeLessThan(1e-4);
  expect(got.lossOff).toBeLessThan(1e-4);
});

test('a training that diverges says so in its losses', async ({ page }) => {
  const losses = await remote(page, 'diverge');
  expect(Number(losses[0])).toBeLessThan(10);
  expect(losses.at(-1)).toBe('NaN');
});

for (const spec of [
  { bits: 4, scheme: 'affine', granularity: 'channel' },
  { bits: 1, scheme: 'symmetric', granularity: 'tensor' },
] as QuantSpec[]) {
  test(`a network of ${spec.bits} bits evaluates as simd does`, async ({ page }) => {
    const got = await remote(page, 'quantized', spec);
    expect(got.correct[0]).toBe(got.correct[1]);
    expect(got.loss).toBeLessThan(1e-3);
    expect(got.logits).toBeLessThan(1e-5);
  });
}

test('a shader that does not compile is told once and ends all that waits', async ({ page }) => {
  expect(await remote(page, 'failures')).toEqual({
    told: ['gpu.error'],
    outcome: 'WinnowError',
    later: 'gpu.error',
  });
});

test('a network disposed of in the middle of a run ends the run and harms no other', async ({ page }) => {
  const { outcome, losses, told } = await remote(page, 'interrupted');
  expect(outcome).toBe('engine.misuse');
  expect(losses.every(Number.isFinite)).toBe(true);
  expect(told).toEqual([]);
});
