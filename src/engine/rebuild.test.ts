/** Rebuilt networks compute what the masked ones do, train, and are stored. The lists of units: models/rebuild.test.ts. */
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { enableRelaxedSimd } from '../kernels/testing/machines';
import { randomTensors } from '../methods/fixtures';
import * as build from '../models/build';
import {
  biasName,
  channels,
  isWeightLayer,
  type LayerSpec,
  network,
  normNames,
  outputSize,
  sourcesOf,
} from '../models/build';
import { halves, type KeptUnits, rebuild } from '../models/rebuild';
import { modelById } from '../models/registry';
import { shrinkable } from '../models/shrinkable';
import type { Arch, QuantSpec, Size, Weights } from '../models/types';
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

/**
 * The network of the same size in which the units that are not kept give exactly 0 to whoever reads them. A batch norm
 * would make of these zeros the constant beta - gamma * mean / deviation, so its gamma and beta become 0 as well. With
 * `rows`, the weights that read nothing but zeros are masked too: they change no output, but the range of a quantizer.
 */
function masked(arch: Arch, weights: Weights, kept: KeptUnits, rows: boolean): Weights {
  const tensors = Object.fromEntries(Object.entries(weights.tensors).map(([name, t]) => [name, t.slice()]));
  const masks = Object.fromEntries(Object.entries(weights.masks).map(([name, m]) => [name, m.slice()]));
  const dead = new Map<string, (channel: number) => boolean>();
  const sizes = new Map<string, Size>([[build.INPUT, arch.input]]);
  arch.layers.forEach((layer, i) => {
    const [source] = sourcesOf(arch, i);
    const deaf = layer.kind === 'add' ? () => false : (dead.get(source) ?? (() => false));
    const width = (sizes.get(source) as Size)[2];
    sizes.set(layer.name, outputSize(layer));
    const mute = layer.kind === 'dense' || layer.kind === 'conv' ? muted(kept[layer.name]) : deaf;
    dead.set(layer.name, mute);
    const clear = (name: string) => {
      for (let c = 0; c < (tensors[name]?.length ?? 0); c++) if (mute(c)) tensors[name][c] = 0;
    };
    if (layer.kind === 'batchnorm') [normNames(layer).gamma, normNames(layer).beta].forEach(clear);
    if (!isWeightLayer(layer)) return;
    clear(biasName(layer));
    const kernel = build.kernelName(layer);
    const out = channels(layer);
    masks[kernel] ??= new Uint8Array(tensors[kernel].length).fill(1);
    for (let at = 0; at < tensors[kernel].length; at++) {
      const reads = layer.kind !== 'depthwise' && rows && deaf(Math.floor(at / out) % width);
      if (!mute(at % out) && !reads) continue;
      tensors[kernel][at] = 0;
      masks[kernel][at] = 0;
    }
  });
  return { tensors, masks, quant: weights.quant };
}
const muted = (kept: readonly number[] | undefined) => (c: number) => kept !== undefined && !kept.includes(c);

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
async function expectSame(backend: Backend, arch: Arch, weights: Weights, kept: KeptUnits, rows = true) {
  const small = rebuild(arch, weights, kept);
  const got = await logits(backend, small.arch, small, 3);
  const want = await logits(backend, arch, masked(arch, weights, kept, rows), 3);
  expect(want.every(Number.isFinite)).toBe(true);
  expect(want.some((v) => v !== 0)).toBe(true);
  expect(apart(got, want)).toBeLessThan(1e-5);
  return want;
}

const anyLayer = fc.record({
  kind: fc.constantFrom(
    'conv',
    'conv',
    'depthwise',
    'batchnorm',
    'maxpool',
    'avgpool',
    'globalpool',
    'dense',
  ),
  width: fc.integer({ min: 1, max: 6 }),
  kernel: fc.integer({ min: 1, max: 3 }),
  stride: fc.integer({ min: 1, max: 2 }),
  same: fc.boolean(),
  bias: fc.boolean(),
  activation: fc.constantFrom('relu' as const, 'linear' as const),
});
type Drawn = typeof anyLayer extends fc.Arbitrary<infer T> ? T : never;

const specOf =
  ({ kind, width, same, activation, ...drawn }: Drawn, name: string): LayerSpec =>
  (input, sizeOf) => {
    const kernel = Math.min(drawn.kernel, input[0], input[1]);
    // The same padding on both axes needs a stride of 1 where the image is no square.
    const window = same
      ? ({ padding: 'same', stride: 1 } as const)
      : ({ padding: 'valid', stride: drawn.stride } as const);
    const settings = { ...window, kernel, bias: drawn.bias, activation };
    const spec = {
      conv: () => build.conv(name, { ...settings, filters: width }),
      depthwise: () => build.depthwise(name, settings),
      batchnorm: () => build.batchnorm(name, activation),
      maxpool: () => build.maxpool(name, kernel, drawn.stride),
      avgpool: () => build.avgpool(name, kernel, drawn.stride),
      globalpool: () => build.globalpool(name),
      dense: () => build.dense(name, width, activation),
    }[kind as 'conv']();
    return spec(input, sizeOf);
  };
/** Any sequential network, linear at its end. */
const anyArch = fc
  .tuple(
    fc.tuple(fc.integer({ min: 3, max: 7 }), fc.integer({ min: 3, max: 7 }), fc.integer({ min: 1, max: 3 })),
    fc.array(anyLayer, { minLength: 1, maxLength: 7 }),
  )
  .map(([input, drawn]) =>
    network(input, [...drawn.map((d, i) => specOf(d, `l${i}`)), build.dense('out', 3, 'linear')]),
  );
const anyKept = (arch: Arch): fc.Arbitrary<KeptUnits> => {
  const { able } = shrinkable(arch);
  const lists = build
    .weightLayers(arch)
    .filter(({ name }) => able.includes(name))
    .map((layer) => {
      const all = Array.from({ length: channels(layer) }, (_, i) => i);
      return [layer.name, fc.shuffledSubarray(all, { minLength: 1 })] as const;
    });
  return fc.record(Object.fromEntries(lists), { requiredKeys: [] }).map((kept) => kept as KeptUnits);
};
const anySpec: fc.Arbitrary<QuantSpec> = fc.record({
  bits: fc.constantFrom(1, 2, 4, 8),
  scheme: fc.constantFrom('affine' as const, 'symmetric' as const),
  granularity: fc.constantFrom('tensor' as const, 'channel' as const),
});
const anyCase = anyArch.chain((arch) =>
  fc.record({
    arch: fc.constant(arch),
    kept: anyKept(arch),
    seed: fc.nat(),
    sparse: fc.boolean(),
  }),
);

describe('rebuilt and masked networks give the same logits', () => {
  it('any sequential network, any units: weights of 0 in the large one', async () => {
    let shrunk = 0;
    let alive = 0;
    await fc.assert(
      fc.asyncProperty(anyCase, async ({ arch, kept, seed, sparse }) => {
        const weights = {
          tensors: randomTensors(arch, seed),
          masks: sparse ? tinyMasks(arch, 0.3, seed) : {},
          quant: {},
        };
        const want = await expectSame(reference, arch, weights, kept, false);
        if (JSON.stringify(rebuild(arch, weights, kept).arch) !== JSON.stringify(arch)) shrunk++;
        if (new Set(want).size > 3) alive++;
      }),
      { seed: 41, numRuns: 120 },
    );
    // Else the property would say little: most networks shrink, and most logits depend on the image.
    expect(shrunk).toBeGreaterThan(60);
    expect(alive).toBeGreaterThan(60);
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
  it('simd: any sequential network', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async ({ arch, kept, seed }) => {
        await expectSame(
          simd,
          arch,
          { tensors: randomTensors(arch, seed), masks: {}, quant: {} },
          kept,
          false,
        );
      }),
      { seed: 43, numRuns: 40 },
    );
  });
  it('graphs: sums stay, what lies between them shrinks; a value that three layers read', async () => {
    const plain = (arch: Arch): Weights => ({ tensors: tinyWeights(arch), masks: {}, quant: {} });
    for (const arch of [tinyGraph(), modelById('resnet-8').build([8, 8, 3], 10)]) {
      await expectSame(reference, arch, plain(arch), halves(arch), false);
    }
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
    await expectSame(reference, read, plain(read), { a: [4, 1] }, false);
  });
});

describe('halved models on simd', () => {
  it.each([
    ['lenet-5', [28, 28, 1]],
    ['conv-2', [32, 32, 3]],
  ] as const)('%s: the logits of the masked one, a training step, a file', async (id, input) => {
    const arch = modelById(id).build(input, 10);
    const weights: Weights = { tensors: tinyWeights(arch), masks: tinyMasks(arch, 0.5), quant: {} };
    await expectSame(simd, arch, weights, halves(arch), false);
    const small = rebuild(arch, weights, halves(arch));
    const sgd = { kind: 'sgd', lr: 0.05, momentum: 0.9, nesterov: false } as const;
    const { losses, tensors } = await trainTiny(simd, small.arch, small, sgd, 1, 8);
    expect(losses[0]).toBeGreaterThan(0);
    expect(losses[0]).toBeLessThan(100);
    for (const name of build.kernelNames(small.arch)) expect(tensors[name]).not.toEqual(small.tensors[name]);
    const state = { ...small, tensors, start: small.tensors, trainings: 1, steps: 1 };
    const facts = expectRoundTrip(state);
    expect(facts.tensors.find(({ name }) => name.startsWith('out'))?.entries).toBe(
      10 * (id === 'lenet-5' ? 250 : 128),
    );
  });
});
