/** Weights that are held: executed, and otherwise left alone, by every executor. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enableRelaxedSimd } from '../../kernels/testing/machines';
import { batchnorm, conv, dense, kernelNames, maxpool, network } from '../../models/build';
import { trainedMasks } from '../../models/held';
import type { Masks, QuantSpec, Tensors, Weights } from '../../models/types';
import { relativeDistance, tinyExamples, tinyMasks, tinyWeights, trainTiny } from '../device/trial';
import type { Backend, OptimizerSpec } from '../types';
import { openReference } from './reference';
import { openSimd } from './simd';
import { openTfjs } from './tfjs';

enableRelaxedSimd();
/** No size is a multiple of 4. */
const arch = network(
  [7, 7, 3],
  [
    conv('conv', { filters: 5, kernel: 3, padding: 'same' }),
    batchnorm('bn'),
    maxpool('pool', 2),
    dense('fc1', 13),
    dense('out', 10, 'linear'),
  ],
);
const kernels = kernelNames(arch);
/** About two thirds are trained, of the others half are pruned and half held. */
const masks = tinyMasks(arch, 0.17);
const free = tinyMasks(arch, 0.2, 5);
const held: Masks = Object.fromEntries(
  kernels.map((k) => [k, masks[k].map((m, i) => (m && !free[k][i] ? 1 : 0))]),
);
const start: Tensors = Object.fromEntries(
  Object.entries(tinyWeights(arch)).map(([k, t]) => [k, t.map((w, i) => (masks[k]?.[i] === 0 ? 0 : w))]),
);
// Whatever a held weight is, it stays.
[-0, 1e-42, 3].forEach((odd, n) => {
  const at = [...held['fc1/kernel'].keys()].filter((i) => held['fc1/kernel'][i] === 1);
  start['fc1/kernel'][at[n]] = odd;
});
const weights: Weights = { tensors: start, masks, quant: {}, held };

const ADAM = { kind: 'adam', lr: 1.2e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
const SGD = { kind: 'sgd', lr: 0.05, momentum: 0, nesterov: false } as const;
const OPTIMIZERS: Record<string, OptimizerSpec> = {
  sgd: SGD,
  'nesterov, weight decay': { ...SGD, momentum: 0.9, nesterov: true, weightDecay: 0.1 },
  'adam, weight decay': { ...ADAM, weightDecay: 0.1 },
  adamw: { ...ADAM, kind: 'adamw', weightDecay: 0.1 },
};
const BITS: QuantSpec = { bits: 4, scheme: 'affine', granularity: 'channel' };
const quantized: Weights = { ...weights, quant: Object.fromEntries(kernels.map((k) => [k, BITS])) };

const opened: [string, () => Promise<Backend>][] = [
  ['simd', () => openSimd('simd')],
  ['relaxed', () => openSimd('relaxed')],
  ['tfjs cpu', () => openTfjs('cpu')],
];
const oracle = await openReference();

/** Names the first weight that is not as it should be, or the first kernel in which hardly any weight has moved. */
function wrong(after: Tensors, of: Weights): string | undefined {
  for (const k of kernels) {
    let [trained, moved] = [0, 0];
    for (let i = 0; i < after[k].length; i++) {
      const [was, is] = [of.tensors[k][i], after[k][i]];
      if (of.masks[k][i] === 0 && is !== 0) return `${k}[${i}] is pruned and ${is}`;
      if (of.held?.[k][i] === 1 && !Object.is(is, was)) return `${k}[${i}] was held at ${was} and is ${is}`;
      if (of.masks[k][i] === 0 || of.held?.[k][i] === 1) continue;
      trained++;
      if (is !== was) moved++;
    }
    // Dead units have no gradient.
    if (moved < 0.3 * trained) return `${k}: ${moved} of ${trained} moved`;
  }
  return undefined;
}

describe.each([['reference', openReference] as [string, () => Promise<Backend>], ...opened])(
  '%s',
  (_, open) => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await open();
    });
    afterAll(() => backend.dispose());
    const train = (on: Backend, of: Weights, optimizer: OptimizerSpec, steps = 3) =>
      trainTiny(on, arch, of, optimizer, steps, 6);

    it.each(Object.entries(OPTIMIZERS))(
      '%s: held weights stay bit for bit, others move',
      async (_o, optimizer) => {
        for (const of of optimizer.kind === 'adamw' ? [weights, quantized] : [weights]) {
          const [got, want] = [await train(backend, of, optimizer), await train(oracle, of, optimizer)];
          expect(wrong(got.tensors, of)).toBeUndefined();
          expect(relativeDistance(got.tensors, want.tensors)).toBeLessThan(1e-4);
          expect(relativeDistance({ x: got.losses }, { x: want.losses })).toBeLessThan(1e-4);
          expect(got.evaluation.correct).toBe(want.evaluation.correct);
        }
      },
    );
    it('count in the forward pass and hand gradient on: the others step as if these were trained too', async () => {
      const { held: _h, ...all } = weights;
      const [some, every] = [await train(backend, weights, SGD, 1), await train(backend, all, SGD, 1)];
      expect(some.losses).toEqual(every.losses);
      const trained = trainedMasks(weights);
      for (const name of Object.keys(start)) {
        const chosen = (t: Tensors) => t[name].filter((_w, i) => trained[name]?.[i] !== 0);
        expect(chosen(some.tensors)).toEqual(chosen(every.tensors));
      }
      const gone = await train(backend, { ...all, masks: trained }, SGD, 1);
      expect(some.losses).not.toEqual(gone.losses);
    });
    it('have nothing in the moments, also where masks change on the way and a training is taken up again', async () => {
      const smaller = Object.fromEntries(
        kernels.map((k) => [k, masks[k].map((m, i) => (m && (held[k][i] || i % 5) ? 1 : 0))]),
      );
      const job = {
        examples: tinyExamples(arch.input, 64),
        batch: 6,
        optimizer: { ...ADAM, weightDecay: 0.1 },
        indices: (t: number) => Uint32Array.from({ length: 6 }, (_i, i) => (t * 6 + i * 5) % 64),
      };
      const net = await backend.open(arch);
      await net.load(weights);
      const training = net.train(job);
      await training.run(2);
      await training.mask(smaller);
      const [tensors, optimizer] = [await net.read(), await training.save!()];
      await training.run(2);
      const straight = await net.read();
      expect(wrong(straight, { ...weights, masks: smaller })).toBeUndefined();
      training.dispose();
      const still = trainedMasks({ masks: smaller, held });
      for (const moment of optimizer.moments)
        for (const k of kernels)
          expect(
            moment[k].some((m, i) => (m !== 0) !== (still[k][i] === 1) && still[k][i] === 0),
            k,
          ).toBe(false);
      await net.load({ ...weights, tensors, masks: smaller });
      const again = net.train(job);
      await again.restore!(optimizer);
      await again.run(2);
      again.dispose();
      expect(await net.read()).toEqual(straight);
      net.dispose();
    });
    it('are released by the next weights, and of the right length', async () => {
      const net = await backend.open(arch);
      const short = { ...weights, held: { ...held, 'out/kernel': new Uint8Array(3) } };
      await expect(net.load(short)).rejects.toThrow(/out\/kernel/);
      net.dispose();
      const { held: _h, ...all } = weights;
      await train(backend, weights, SGD, 1);
      expect(wrong((await train(backend, all, SGD)).tensors, all)).toBeUndefined();
    });
  },
);
