/** Networks that have lost units, through the machinery of the lab: answers, training, files, further methods. */
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { enableRelaxedSimd } from '../kernels/testing/machines';
import { compact } from '../methods/compact';
import { factorize } from '../methods/factorize';
import { randomTensors } from '../methods/fixtures';
import { maskedAll } from '../methods/layers';
import { open } from '../methods/open';
import { prune } from '../methods/prune';
import { pruneUnits } from '../methods/prune-units';
import { quantize } from '../methods/quantize';
import { reinit } from '../methods/reinit';
import { rewind } from '../methods/rewind';
import { channels, kernelNames, weightLayers } from '../models/build';
import { groupsOf } from '../models/groups';
import { modelById, models } from '../models/registry';
import { tensorsOf } from '../models/tensors';
import { anyGraph } from '../models/testing/graphs';
import type { Arch, NetState } from '../models/types';
import { withDefaults } from '../spec/defaults';
import { openReference } from './backends/reference';
import { openSimd } from './backends/simd';
import { tinyExamples, tinyWeights, trainTiny } from './device/trial';
import { factsOf } from './facts';
import { groupFacts } from './group-facts';
import { inspect } from './inspect';
import { fileId, holdFile } from './network-file';
import { methodContext } from './state';
import { encode } from './stored/encode';
import { expectRoundTrip } from './stored/testing/states';
import type { Backend } from './types';

enableRelaxedSimd();
const [reference, simd] = [await openReference(), await openSimd('simd')];
afterAll(() => {
  reference.dispose();
  simd.dispose();
});
const seeds = { init: 1, order: 1, method: 1 };
const contextOf = ({ arch }: NetState) => methodContext(arch, seeds, 0);
const units = (state: NetState, values = {}) =>
  pruneUnits.apply(state, withDefaults(pruneUnits.params, values), contextOf(state));
const trained = (arch: Arch): NetState => ({
  arch,
  tensors: tinyWeights(arch, 4),
  masks: {},
  quant: {},
  start: tinyWeights(arch, 5),
  trainings: 1,
  steps: 10,
});
async function logits(backend: Backend, state: NetState, n = 3): Promise<Float32Array> {
  const net = await backend.open(state.arch);
  try {
    await net.load(state);
    const { pixels, scale, shift } = tinyExamples(state.arch.input, n);
    return await net.logits(pixels, n, scale, shift);
  } finally {
    net.dispose();
  }
}
async function expectSame(backend: Backend, a: NetState, b: NetState): Promise<Float32Array> {
  const [got, want] = [await logits(backend, a), await logits(backend, b)];
  const top = want.reduce((most, v) => Math.max(most, Math.abs(v)), 1e-20);
  expect(want.every(Number.isFinite)).toBe(true);
  got.forEach((v, i) => {
    expect(Math.abs(v - want[i]) / top).toBeLessThan(1e-5);
  });
  return want;
}
function expectWhole({ arch, tensors, masks, start }: NetState) {
  for (const { name, length, role } of tensorsOf(arch)) {
    expect([name, tensors[name].length, start[name].length]).toEqual([name, length, length]);
    if (role === 'kernel' && masks[name]) expect([name, masks[name].length]).toEqual([name, length]);
  }
}

describe('prune-units', () => {
  it.each(models.map(({ id }) => id))('%s: masked and rebuilt give the same answers', async (id) => {
    const state = trained(modelById(id).build(id.startsWith('conv') ? [16, 16, 3] : [28, 28, 1], 10));
    const small = units(state, { fraction: 0.5 });
    expectWhole(small);
    await expectSame(simd, small, units(state, { fraction: 0.5, rebuild: false }));
    const [facts, masked] = [factsOf(small), factsOf(units(state, { fraction: 0.5, rebuild: false }))];
    expect(facts.sparsity).toBeCloseTo(masked.sparsity, 12);
    expect(facts.weights + facts.removed).toBe(masked.weights);
    expect(facts.macs).toBeLessThan(masked.macs / 2);
    expect(masked.macs).toBe(factsOf(state).macs);
  });
  it('trains as the masked network does', async () => {
    const state = trained(modelById('lenet-5').build([28, 28, 1], 10));
    const sgd = { kind: 'sgd', lr: 0.05, momentum: 0.9, nesterov: false } as const;
    const losses = async (rebuild: boolean) => {
      const pruned = units(state, { fraction: 0.8, rebuild });
      return trainTiny(simd, pruned.arch, pruned, sgd, 3, 8);
    };
    const [small, masked] = [await losses(true), await losses(false)];
    small.losses.forEach((loss, i) => {
      expect(Math.abs(loss - masked.losses[i])).toBeLessThan(1e-4);
    });
    expect(small.losses[2]).not.toBe(small.losses[0]);
  });
  it.each(['lenet-5', 'resnet-8', 'mobilenet-tiny'])('%s: into a file and out of it', (id) => {
    const small = units(trained(modelById(id).build([28, 28, 1], 10)), { fraction: 0.6 });
    expectRoundTrip(small);
    const { file } = encode(small);
    holdFile(file, 'small.winnow');
    const fresh = trained(modelById(id).build([28, 28, 1], 10));
    const values = { file: fileId(file) };
    const opened = open.apply({ ...fresh, removed: 5 }, values, contextOf(fresh));
    expect(opened.arch).toEqual(small.arch);
    expect(opened.removed).toBeUndefined();
    for (const name of kernelNames(small.arch)) expect(opened.tensors[name]).toEqual(small.tensors[name]);
    // And from there on.
    expect(groupsOf(units(opened, { fraction: 0.5 }).arch).groups[0].units).toBe(
      groupsOf(small.arch).groups[0].units / 2,
    );
  });
  it('other methods act on what is left', async () => {
    const small = units(trained(modelById('lenet-5').build([28, 28, 1], 10)), { fraction: 0.5 });
    for (const method of [prune, quantize, factorize, rewind, reinit] as const) {
      const next = method.apply(small, withDefaults(method.params as never, {}) as never, contextOf(small));
      expect((await logits(simd, next)).every(Number.isFinite)).toBe(true);
      expectRoundTrip(next);
    }
    const drawn = reinit.apply(small, { draw: 3 }, contextOf(small));
    expectWhole(drawn);
    const thin = factorize.apply(
      small,
      { rank: 20, by: 'rank', energy: 0.9, layers: ['fc1'] },
      contextOf(small),
    );
    const { histograms } = inspect(thin, trained(modelById('lenet-5').build([28, 28, 1], 10)));
    for (const { before, after, zeros } of histograms) {
      expect(before.every(Number.isFinite) && after.every(Number.isFinite)).toBe(true);
      expect(zeros).toBe(0);
    }
    const of = histograms.find((h) => h.layer === 'fc1')!;
    expect(of.after.reduce((a, b) => a + b, 0)).toBe(400 * 250);
  });
  it('says of every group what it had, has and uses', () => {
    const dense = trained(modelById('resnet-8').build([8, 8, 3], 10));
    const once = units(dense, { fraction: 0.5 });
    const again = units(once, { fraction: 0.5, rebuild: false });
    const facts = groupFacts(dense.arch, again);
    expect(facts.map(({ id, before, units: n, alive }) => [id, before, n, alive])).toEqual([
      ['conv1', 16, 8, 4],
      ['s1b1.1', 16, 8, 4],
      ['s2b1.p', 32, 16, 8],
      ['s2b1.1', 32, 16, 8],
      ['s3b1.p', 64, 32, 16],
      ['s3b1.1', 64, 32, 16],
      ['out', 10, 10, 10],
    ]);
    const lenet = trained(modelById('lenet-300-100').build([28, 28, 1], 10));
    const thin = factorize.apply(
      units(lenet),
      { rank: 9, by: 'rank', energy: 0.9, layers: ['fc1'] },
      contextOf(lenet),
    );
    expect(
      groupFacts(lenet.arch, thin).map(({ id, before, units: n, alive }) => [id, before, n, alive]),
    ).toEqual([
      ['fc1.u', 9, 9, 9],
      ['fc1.v', 300, 150, 150],
      ['fc2', 100, 50, 50],
      ['out', 10, 10, 10],
    ]);
  });
});

/** Whole columns and rows of a network are masked now and then, and single weights beside them. */
const anySparse = (quantized: boolean) =>
  fc
    .record({
      arch: anyGraph(),
      seed: fc.nat(),
      columns: fc.array(fc.nat(), { maxLength: 12 }),
      share: fc.constantFrom(0, 0.5, 0.9),
      bits: fc.constantFrom(1, 2, 4),
      granularity: fc.constantFrom('tensor' as const, 'channel' as const),
      norms: fc.boolean(),
    })
    .map(({ arch, seed, columns, share, bits, granularity, norms }): NetState => {
      const layers = weightLayers(arch);
      let state = seed >>> 0;
      const draw = () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return state / 2 ** 32;
      };
      const masks = Object.fromEntries(
        layers.map((layer) => {
          const out = channels(layer);
          const gone = new Set(columns.filter((c) => c % layers.length !== 0).map((c) => c % out));
          const length = tensorsOf(arch).find((t) => t.name === `${layer.name}/kernel`)!.length;
          const mask = Uint8Array.from({ length }, (_, i) => (gone.has(i % out) || draw() < share ? 0 : 1));
          return [`${layer.name}/kernel`, mask];
        }),
      );
      const tensors = { ...maskedAll(randomTensors(arch, seed), masks) };
      // Norms that keep zero at zero now and then, so that a padded convolution may lose a channel.
      if (norms)
        for (const { name, role } of tensorsOf(arch))
          if (role === 'beta' || role === 'mean') tensors[name] = tensors[name].map(() => 0);
      const quant = Object.fromEntries(
        layers
          .filter(() => draw() < 0.6)
          .map((l) => [`${l.name}/kernel`, { bits, scheme: 'affine' as const, granularity }]),
      );
      return {
        ...{ arch, tensors, masks, quant: quantized ? quant : {} },
        ...{ start: randomTensors(arch, seed + 1), trainings: 1, steps: 1 },
      };
    });

describe('compact', () => {
  it.each([
    ['reference', reference, false, 150],
    ['reference, quantized', reference, true, 80],
    ['simd', simd, false, 60],
  ] as const)('any graph, %s: the answers stay', async (_, backend, quantized, numRuns) => {
    let shrunk = 0;
    let folded = 0;
    let alive = 0;
    await fc.assert(
      fc.asyncProperty(anySparse(quantized), async (state) => {
        const small = compact.apply(
          state,
          {},
          {
            ...contextOf(state),
            note: ({ values }) => {
              if (Number(values?.folded) > 0) folded++;
            },
          },
        );
        expectWhole(small);
        const want = await expectSame(backend, small, state);
        if (small.removed) shrunk++;
        if (new Set(want).size > 3) alive++;
      }),
      { seed: 44, numRuns },
    );
    expect(shrunk).toBeGreaterThan(numRuns / 6);
    expect(alive).toBeGreaterThan(numRuns / 6);
    expect(folded).toBeGreaterThan(numRuns / (quantized ? 40 : 12));
  });
  it('what unstructured pruning leaves idle: LeNet-300-100 at 99.5 %', async () => {
    const state = trained(modelById('lenet-300-100').build([28, 28, 1], 10));
    const values = withDefaults(prune.params, { sparsity: 0.995, outputHalf: false });
    const sparse = prune.apply(state, values, contextOf(state));
    const small = compact.apply(sparse, {}, contextOf(state));
    await expectSame(simd, small, sparse);
    expect(groupsOf(small.arch).groups[0].units).toBeLessThan(300);
    expectRoundTrip(small);
  });
});
