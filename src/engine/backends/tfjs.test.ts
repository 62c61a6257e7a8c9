import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Arch, QuantSpec, Weights } from '../../models/types';
import { distance, tinyCnn, tinyExamples, tinyMasks, tinyMlp, tinyWeights, trainTiny } from '../device/trial';
import type { OptimizerSpec } from '../types';
import { openReference } from './reference';
import { openTfjs, type TfjsBackend } from './tfjs';

const ADAM: OptimizerSpec = { kind: 'adam', lr: 1.2e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const SGD: Extract<OptimizerSpec, { kind: 'sgd' }> = { kind: 'sgd', lr: 0.1, momentum: 0, nesterov: false };
const OPTIMIZERS: Record<string, OptimizerSpec> = {
  adam: ADAM,
  'adam, large epsilon': { ...ADAM, lr: 0.05, epsilon: 0.1 },
  sgd: SGD,
  momentum: { ...SGD, momentum: 0.9 },
  nesterov: { ...SGD, momentum: 0.9, nesterov: true },
};
const NETS = { mlp: tinyMlp(), cnn: tinyCnn() };

describe.each(['cpu', 'wasm'] as const)('tfjs %s against the plain reference', (id) => {
  let backend: TfjsBackend;
  beforeAll(async () => {
    backend = await openTfjs(id);
  });
  afterAll(() => backend.dispose());

  const agree = async (arch: Arch, weights: Weights, optimizer: OptimizerSpec) => {
    const reference = await openReference();
    const want = await trainTiny(reference, arch, weights, optimizer);
    const got = await trainTiny(backend, arch, weights, optimizer);
    reference.dispose();
    expect(distance(want.tensors, weights.tensors)).toBeGreaterThan(1e-3);
    expect(distance(got.tensors, want.tensors)).toBeLessThan(1e-4);
    expect(Math.max(...got.losses.map((loss, i) => Math.abs(loss - want.losses[i])))).toBeLessThan(1e-4);
    expect(got.evaluation.correct).toBe(want.evaluation.correct);
    expect(got.evaluation.count).toBe(64);
    expect(got.evaluation.loss).toBeCloseTo(want.evaluation.loss, 2);
    return got;
  };

  describe.each(Object.entries(NETS))('%s', (_, arch) => {
    const plain: Weights = { tensors: tinyWeights(arch), masks: {}, quant: {} };
    const masked: Weights = { ...plain, masks: tinyMasks(arch, 0.7) };

    it.each(Object.entries(OPTIMIZERS))('three steps of %s', async (_name, optimizer) => {
      await agree(arch, plain, optimizer);
    });
    it('masked weights stay exactly zero', async () => {
      const { tensors } = await agree(arch, masked, OPTIMIZERS.momentum);
      for (const [name, mask] of Object.entries(masked.masks)) {
        expect(tensors[name].filter((w, i) => mask[i] === 0 && w !== 0)).toHaveLength(0);
        expect(tensors[name].filter((w) => w !== 0).length).toBeGreaterThan(0);
      }
    });
    it.each([
      { bits: 8, scheme: 'affine', granularity: 'tensor' },
      { bits: 3, scheme: 'affine', granularity: 'channel' },
      { bits: 2, scheme: 'symmetric', granularity: 'channel' },
      { bits: 1, scheme: 'symmetric', granularity: 'tensor' },
    ] satisfies QuantSpec[])('trains through $bits bits $scheme per $granularity', async (spec) => {
      const quant = Object.fromEntries(Object.keys(masked.masks).map((name) => [name, spec]));
      // Weights of one magnitude make ties in max-pooling, which rounding breaks either way: small steps.
      await agree(arch, { ...masked, quant }, { ...SGD, momentum: 0.9, lr: 0.02 });
    });
    it('gives the logits of the reference', async () => {
      const reference = await openReference();
      const { pixels } = tinyExamples(arch.input, 20);
      const nets = await Promise.all([backend.open(arch), reference.open(arch)]);
      await Promise.all(nets.map((net) => net.load(masked)));
      const [got, want] = [
        await nets[0].logits(pixels, 20, 0.01, -0.5),
        await nets[1].logits(pixels, 20, 0.01, -0.5),
      ];
      expect(got).toHaveLength(200);
      expect(distance({ z: got }, { z: want })).toBeLessThan(1e-4);
      for (const net of nets) net.dispose();
      reference.dispose();
    });
  });

  it('keeps the number of tensors constant while it trains and measures, and frees them all', async () => {
    const before = backend.memory().tensors;
    const arch = tinyCnn();
    const net = await backend.open(arch);
    const examples = tinyExamples(arch.input, 64);
    const spec: QuantSpec = { bits: 4, scheme: 'affine', granularity: 'channel' };
    const masks = tinyMasks(arch, 0.5);
    const quant = Object.fromEntries(Object.keys(masks).map((name) => [name, spec]));
    await net.load({ tensors: tinyWeights(arch), masks, quant });
    const counts: number[] = [];
    const training = net.train({
      examples,
      batch: 4,
      optimizer: ADAM,
      indices: () => Uint32Array.of(0, 1, 2, 3),
    });
    for (let i = 0; i < 4; i++) {
      await training.run(2);
      await net.evaluate(examples, 0, 64);
      await net.logits(examples.pixels.subarray(0, 64), 1, 1, 0);
      expect(await net.time(2, 3)).toBeGreaterThan(0);
      counts.push(backend.memory().tensors);
    }
    expect(counts[0]).toBeGreaterThan(before);
    expect(new Set(counts).size).toBe(1);
    training.dispose();
    await net.load({ tensors: tinyWeights(arch), masks, quant });
    net.dispose();
    expect(backend.memory().tensors).toBe(before);
  });

  it('starts every training afresh', async () => {
    const arch = tinyMlp();
    const weights = { tensors: tinyWeights(arch), masks: {}, quant: {} };
    const first = await trainTiny(backend, arch, weights, OPTIMIZERS.momentum);
    const again = await trainTiny(backend, arch, weights, OPTIMIZERS.momentum);
    expect(distance(first.tensors, again.tensors)).toBe(0);
  });

  it.each(['momentum', 'adam'])(
    'goes on from a saved state of %s, and so does another executor',
    async (kind) => {
      const arch = tinyCnn();
      const examples = tinyExamples(arch.input, 64);
      const job = {
        examples,
        batch: 4,
        optimizer: OPTIMIZERS[kind],
        indices: (t: number) => Uint32Array.from({ length: 4 }, (_, i) => (t * 4 + i) % 64),
      };
      const start: Weights = { tensors: tinyWeights(arch), masks: tinyMasks(arch, 0.5), quant: {} };
      const net = await backend.open(arch);
      await net.load(start);
      const training = net.train(job);
      await training.run(3);
      const [tensors, state] = [await net.read(), await training.save!()];
      await training.run(3);
      const whole = await net.read();
      training.dispose();
      expect(state.step).toBe(3);
      for (const other of [backend, await openReference()]) {
        const fresh = await other.open(arch);
        await fresh.load({ ...start, tensors });
        const rest = fresh.train(job);
        await rest.restore!(state);
        await rest.run(3);
        expect(distance(await fresh.read(), whole)).toBeLessThan(1e-5);
        fresh.dispose();
      }
      // Without the state it would have gone elsewhere.
      await net.load({ ...start, tensors });
      const forgetful = net.train(job);
      await forgetful.run(3);
      expect(distance(await net.read(), whole)).toBeGreaterThan(1e-4);
      net.dispose();
    },
  );

  it('refuses misuse with a message', async () => {
    const arch = tinyMlp();
    const net = await backend.open(arch);
    await expect(net.evaluate(tinyExamples(arch.input, 4), 0, 4)).rejects.toThrow(/load\(\)/);
    await expect(
      net.load({ tensors: { ...tinyWeights(arch), 'fc1/bias': new Float32Array(3) }, masks: {}, quant: {} }),
    ).rejects.toThrow('fc1/bias: must have 32 values (32), found 3 values');
    await net.load({ tensors: tinyWeights(arch), masks: {}, quant: {} });
    const examples = tinyExamples(arch.input, 8);
    await expect(net.evaluate(examples, 0, 9)).rejects.toThrow(/beyond the 8 examples/);
    await expect(net.evaluate(tinyExamples([3, 3, 1], 2), 0, 1)).rejects.toThrow(
      /images must be 14 x 14 x 1/,
    );
    await expect(net.logits(examples.pixels, 7, 1, 0)).rejects.toThrow(/7 images needs 1372 pixels/);
    const job = { examples, batch: 2, optimizer: ADAM };
    for (const [indices, message] of [
      [[1, 2, 3], /needs 2 indices, found 3/],
      [[1, 8], /example 8 of 8 is not loaded/],
    ] as const) {
      const training = net.train({ ...job, indices: () => Uint32Array.from(indices) });
      await expect(training.run(1)).rejects.toThrow(message);
      training.dispose();
    }
    net.dispose();
    await expect(openTfjs('cpu')).rejects.toThrow(/dispose/);
  });
});

describe('tfjs elsewhere', () => {
  it('says that there is no GPU in Node', async () => {
    await expect(openTfjs('webgpu')).rejects.toThrow(/no GPU adapter/);
    await expect(openTfjs('webgl')).rejects.toThrow(/not available/);
  });
  it('opens again after it was disposed of', async () => {
    for (const id of ['cpu', 'wasm', 'cpu', 'wasm'] as const) {
      const backend = await openTfjs(id);
      expect(
        (
          await trainTiny(
            backend,
            tinyMlp(),
            { tensors: tinyWeights(tinyMlp()), masks: {}, quant: {} },
            ADAM,
            1,
          )
        ).losses,
      ).toHaveLength(1);
      backend.dispose();
    }
  });
});
