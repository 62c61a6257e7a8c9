/** Rebuilt networks compute what the masked ones do, train, and are stored. The lists of units: models/rebuild.test.ts. */
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { enableRelaxedSimd } from '../kernels/testing/machines';
import { randomTensors } from '../methods/fixtures';
import * as build from '../models/build';
import { network } from '../models/build';
import { shrinkable } from '../models/groups';
import { maskUnits } from '../models/mask-units';
import { halves, type KeptUnits, rebuild } from '../models/rebuild';
import { modelById, models } from '../models/registry';
import { anyGraph } from '../models/testing/graphs';
import type { Arch, QuantSpec, Weights } from '../models/types';
import { openReference } from './backends/reference';
import { openSimd } from './backends/simd';
import { tinyExamples, tinyGraph, tinyMasks, tinyWeights, trainTiny } from './device/trial';
import { expectRoundTrip } from './stored/testing/states';
import type { Backend } from './types';

enableRelaxedSimd();
const [reference, simd] = [await openReference(), await openSimd('simd')];
afterAll(() => {
  reference.dispose();
  simd.dispose();
});

async function logits(backend: Backend, arch: Arch, weights: Weights, n: number): Promise<Float32Array> {
  const net = await backend.open(arch);
  try {
    await net.load(weights);
    const { pixels, scale, shift } = tinyExamples(arch.input, n);
    return await net.logits(pixels, n, scale, shift);
  } finally {
    net.dispose();
  }
}
/** Largest difference, relative to the largest logit. */
function apart(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  const top = b.reduce((most, v) => Math.max(most, Math.abs(v)), Number.MIN_VALUE);
  return a.reduce((worst, v, i) => Math.max(worst, Math.abs(v - b[i]) / top), 0);
}
async function expectSame(backend: Backend, arch: Arch, weights: Weights, kept: KeptUnits) {
  const small = rebuild(arch, weights, kept);
  const got = await logits(backend, small.arch, small, 3);
  const want = await logits(backend, arch, maskUnits({ arch, ...weights }, kept), 3);
  expect(want.every(Number.isFinite)).toBe(true);
  expect(want.some((v) => v !== 0)).toBe(true);
  expect(apart(got, want)).toBeLessThan(1e-5);
  return want;
}

const anyKept = (arch: Arch): fc.Arbitrary<KeptUnits> => {
  const lists = shrinkable(arch).map(({ id, units }) => {
    const all = Array.from({ length: units }, (_, i) => i);
    return [id, fc.shuffledSubarray(all, { minLength: 1 })] as const;
  });
  return fc.record(Object.fromEntries(lists), { requiredKeys: [] }).map((kept) => kept as KeptUnits);
};
const anySpec: fc.Arbitrary<QuantSpec> = fc.record({
  bits: fc.constantFrom(1, 2, 4, 8),
  scheme: fc.constantFrom('affine' as const, 'symmetric' as const),
  granularity: fc.constantFrom('tensor' as const, 'channel' as const),
});
const anyCase = anyGraph().chain((arch) =>
  fc.record({
    arch: fc.constant(arch),
    kept: anyKept(arch),
    seed: fc.nat(),
    sparse: fc.boolean(),
  }),
);

describe('rebuilt and masked networks give the same logits', () => {
  it('any graph, any units', async () => {
    let shrunk = 0;
    let alive = 0;
    let coupled = 0;
    await fc.assert(
      fc.asyncProperty(anyCase, async ({ arch, kept, seed, sparse }) => {
        const weights = {
          tensors: randomTensors(arch, seed),
          masks: sparse ? tinyMasks(arch, 0.3, seed) : {},
          quant: {},
        };
        const want = await expectSame(reference, arch, weights, kept);
        if (JSON.stringify(rebuild(arch, weights, kept).arch) !== JSON.stringify(arch)) shrunk++;
        if (new Set(want).size > 3) alive++;
        const lost = shrinkable(arch).filter(({ id, units }) => (kept[id]?.length ?? units) < units);
        if (lost.some(({ sums, producers }) => sums.length > 0 && producers.length > 1)) coupled++;
      }),
      { seed: 41, numRuns: 160 },
    );
    // Else the property would say little: most networks shrink, and most logits depend on the image.
    expect(shrunk).toBeGreaterThan(60);
    expect(alive).toBeGreaterThan(60);
    expect(coupled).toBeGreaterThan(20);
  });
  it('quantized: the weights that are left get the scales that masking gives', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, anySpec, async ({ arch, kept, seed, sparse }, spec) => {
        const weights = {
          tensors: randomTensors(arch, seed),
          masks: sparse ? tinyMasks(arch, 0.3, seed) : {},
          quant: Object.fromEntries(build.kernelNames(arch).map((name) => [name, spec])),
        };
        await expectSame(reference, arch, weights, kept);
      }),
      { seed: 42, numRuns: 60 },
    );
  });
  it('simd: any graph, any units', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async ({ arch, kept, seed }) => {
        await expectSame(simd, arch, { tensors: randomTensors(arch, seed), masks: {}, quant: {} }, kept);
      }),
      { seed: 43, numRuns: 40 },
    );
  });
  it.each(models.map(({ id }) => id))('%s, half of every group', async (id) => {
    const arch = modelById(id).build(id.startsWith('conv') ? [16, 16, 3] : [28, 28, 1], 10);
    const weights = { tensors: tinyWeights(arch), masks: {}, quant: {} };
    await expectSame(simd, arch, weights, halves(arch));
  });
  it('a value that three layers read; a graph of every kind of layer', async () => {
    const plain = (arch: Arch): Weights => ({ tensors: tinyWeights(arch), masks: {}, quant: {} });
    await expectSame(reference, tinyGraph(), plain(tinyGraph()), halves(tinyGraph()));
    const read = network(
      [4, 4, 2],
      [
        build.conv('a', { filters: 5, kernel: 1 }),
        build.maxpool('p', 2),
        build.from('a', build.depthwise('d', { kernel: 2 })),
        build.conv('b', { filters: 3, kernel: 1 }),
        build.from('a', build.conv('c', { filters: 3, kernel: 2 })),
        build.add('s', 'b'),
        build.dense('out', 4, 'linear'),
      ],
    );
    await expectSame(reference, read, plain(read), { a: [4, 1], b: [2] });
  });
});

describe('halved models on simd', () => {
  it.each([
    ['lenet-5', [28, 28, 1]],
    ['conv-2', [32, 32, 3]],
    ['resnet-8', [16, 16, 3]],
  ] as const)('%s: the logits of the masked one, a training step, a file', async (id, input) => {
    const arch = modelById(id).build(input, 10);
    const weights: Weights = { tensors: tinyWeights(arch), masks: tinyMasks(arch, 0.5), quant: {} };
    await expectSame(simd, arch, weights, halves(arch));
    const small = rebuild(arch, weights, halves(arch));
    const sgd = { kind: 'sgd', lr: 0.05, momentum: 0.9, nesterov: false } as const;
    const { losses, tensors } = await trainTiny(simd, small.arch, small, sgd, 1, 8);
    expect(losses[0]).toBeGreaterThan(0);
    expect(losses[0]).toBeLessThan(100);
    for (const name of build.kernelNames(small.arch)) expect(tensors[name]).not.toEqual(small.tensors[name]);
    const state = { ...small, tensors, start: small.tensors, trainings: 1, steps: 1 };
    const facts = expectRoundTrip(state);
    expect(facts.tensors.find(({ name }) => name.startsWith('out'))?.entries).toBe(
      10 * { 'lenet-5': 250, 'conv-2': 128, 'resnet-8': 32 }[id],
    );
  });
});
