/** Our plan against TensorFlow.js autodiff: networks with every layer kind, all optimizers, and all that bends a step. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enableRelaxedSimd } from '../../kernels/testing/machines';
import type { Arch, QuantSpec, Tensors, Weights } from '../../models/types';
import { type Outcome, relativeDistance, tinyMasks, tinyWeights, trainTiny } from '../device/trial';
import { tinyMoves, tinySoft, zoo } from '../device/zoo';
import type { Backend, OptimizerSpec, TrainJob } from '../types';
import { openReference } from './reference';
import { openSimd } from './simd';
import { openTfjs, type TfjsBackend } from './tfjs';

enableRelaxedSimd();
const ADAM = { kind: 'adam', lr: 1.2e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
const SGD = { kind: 'sgd', lr: 0.05, momentum: 0, nesterov: false } as const;
const MOMENTUM: OptimizerSpec = { ...SGD, momentum: 0.9 };
const OPTIMIZERS: Record<string, OptimizerSpec> = {
  sgd: SGD,
  'sgd, weight decay': { ...SGD, weightDecay: 0.1 },
  momentum: MOMENTUM,
  'nesterov, weight decay': { ...MOMENTUM, nesterov: true, weightDecay: 0.01 },
  adam: ADAM,
  'adam, weight decay': { ...ADAM, weightDecay: 0.1 },
  adamw: { ...ADAM, kind: 'adamw', weightDecay: 0.1 },
};
const WITHIN = 1e-4;

const ours: [string, Backend][] = [
  ['reference', await openReference()],
  ['simd', await openSimd('simd')],
  ['relaxed', await openSimd('relaxed')],
];
const plain = (tensors: Tensors): Weights => ({ tensors, masks: {}, quant: {} });

describe.each(['cpu', 'wasm'] as const)('the plan against tfjs %s', { timeout: 300_000 }, (id) => {
  let oracle: TfjsBackend;
  beforeAll(async () => {
    oracle = await openTfjs(id);
  });
  afterAll(() => oracle.dispose());

  /** All our executors against the oracle, which is asked once; returns what it says. */
  async function agree(run: (backend: Backend) => Promise<Outcome>): Promise<Outcome> {
    const want = await run(oracle);
    for (const [name, backend] of ours) {
      const got = await run(backend);
      expect(relativeDistance(got.tensors, want.tensors), `${name}: tensors`).toBeLessThan(WITHIN);
      expect(relativeDistance({ x: got.losses }, { x: want.losses }), `${name}: losses`).toBeLessThan(WITHIN);
      expect(got.evaluation.correct, name).toBe(want.evaluation.correct);
      expect(Math.abs(got.evaluation.loss / want.evaluation.loss - 1), `${name}: loss`).toBeLessThan(WITHIN);
    }
    return want;
  }

  describe.each(Object.entries(zoo))('%s', (_, make) => {
    const arch = make();
    const start = tinyWeights(arch);
    const masks = tinyMasks(arch, 0.5);
    const train = (weights: Weights, optimizer: OptimizerSpec, more?: Pick<TrainJob, 'moves' | 'soft'>) =>
      agree((backend) => trainTiny(backend, arch, weights, optimizer, 3, 8, more));

    it.each(Object.entries(OPTIMIZERS))('three steps of %s', async (_name, optimizer) => {
      const { tensors, losses } = await train(plain(start), optimizer);
      // Everything moves, running statistics too; the loss is that of other images at each step.
      for (const name of Object.keys(start)) {
        expect(relativeDistance({ x: tensors[name] }, { x: start[name] }), name).toBeGreaterThan(1e-5);
      }
      expect(new Set(losses).size).toBe(3);
    });

    it('random crops and flips', async () => {
      const still = await trainTiny(oracle, arch, plain(start), MOMENTUM);
      const moved = await train(plain(start), MOMENTUM, { moves: tinyMoves() });
      expect(relativeDistance(moved.tensors, still.tensors)).toBeGreaterThan(1e-3);
    });

    it('soft labels', async () => {
      const hard = await trainTiny(oracle, arch, plain(start), MOMENTUM);
      const soft = await train(plain(start), MOMENTUM, { soft: tinySoft() });
      expect(relativeDistance(soft.tensors, hard.tensors)).toBeGreaterThan(1e-3);
    });

    it('masks: pruned weights are zero and stay so', async () => {
      const weights = { ...plain(start), masks };
      const decaying = OPTIMIZERS['nesterov, weight decay'];
      const { tensors } = await train(weights, decaying);
      for (const [name, mask] of Object.entries(masks)) {
        expect(tensors[name].some((w, i) => mask[i] === 0 && w !== 0)).toBe(false);
        expect(tensors[name].some((w) => w !== 0)).toBe(true);
      }
    });

    it.each([
      { bits: 8, scheme: 'affine', granularity: 'tensor' },
      { bits: 4, scheme: 'symmetric', granularity: 'channel' },
    ] satisfies QuantSpec[])('$bits bits $scheme per $granularity, masked', async (spec) => {
      const quant = Object.fromEntries(Object.keys(masks).map((name) => [name, spec]));
      // One step: after it a weight at a rounding border may fall to different sides.
      const run = (backend: Backend) =>
        trainTiny(backend, arch, { tensors: start, masks, quant }, { ...SGD, lr: 0.02 }, 1);
      const want = await run(oracle);
      for (const [name, backend] of ours) {
        const got = await run(backend);
        expect(relativeDistance(got.tensors, want.tensors), name).toBeLessThan(WITHIN);
        expect(Math.abs(got.losses[0] / want.losses[0] - 1), name).toBeLessThan(WITHIN);
      }
    });

    it('the gradient of every tensor', async () => {
      // With a rate of 1 the step is the gradient.
      const gradient = async (backend: Backend) => {
        const { tensors } = await trainTiny(backend, arch, plain(start), { ...SGD, lr: 1 }, 1);
        return differences(start, tensors, arch);
      };
      const want = await gradient(oracle);
      for (const values of Object.values(want)) expect(values.some((g) => Math.abs(g) > 1e-4)).toBe(true);
      for (const [name, backend] of ours) {
        expect(relativeDistance(await gradient(backend), want), name).toBeLessThan(WITHIN);
      }
    });
  });
});

/** a - b of all that is trained. */
function differences(a: Tensors, b: Tensors, arch: Arch): Tensors {
  const running = arch.layers.flatMap(({ name }) => [`${name}/mean`, `${name}/variance`]);
  const names = Object.keys(a).filter((name) => !running.includes(name));
  return Object.fromEntries(names.map((name) => [name, a[name].map((v, i) => v - b[name][i])]));
}
