/** Masks learned through scores: against plain loops and PyTorch, and through whole trainings of a small network. */
import { describe, expect, it } from 'vitest';
import { supermask } from '../methods/supermask';
import { trainingOf } from '../methods/train';
import { withDefaults } from '../spec/defaults';
import type { Params } from '../spec/params';
import { arch, state, tinyData } from './crew/testing/tiny';
import { openBackend } from './device';
import type { Unfinished } from './results';
import { type TrainEnv, trainWeights } from './training';
import type { BackendId } from './types';

const KERNELS = ['fc1/kernel', 'out/kernel'];
const SHORT = { steps: 120, batch: 20, evalEvery: 40 };
const VARIANTS: [string, Params][] = [
  ['bernoulli', { rescale: false }],
  ['bernoulli, rescaled', {}],
  ['bernoulli, constants', { values: 'constant' }],
  ['edge-popup', { method: 'edge-popup', scoreLr: 0.1, cosine: true, weightDecay: 1e-4 }],
];

async function outcome(
  more: Params = {},
  {
    start = state(0),
    id = 'reference' as BackendId,
    env = {} as Partial<TrainEnv>,
    from = undefined as Unfinished | undefined,
  } = {},
) {
  const network = await (await openBackend(id)).open(arch);
  const { values, regime } = trainingOf(
    supermask as never,
    withDefaults(supermask.params, { ...SHORT, scoreLr: 10, ...more }) as Params,
  );
  const whole = {
    network,
    regime,
    data: tinyData(),
    device: 'here',
    seed: 5,
    replicate: 0,
    card: 'recipe.0',
  };
  return trainWeights(start, values, { ...whole, part: 60, turn: async () => {}, ...env }, from);
}

describe.each(VARIANTS)('%s', (_name, more) => {
  it('learns a mask and nothing else: what is there has its value, biases stay', async () => {
    const begun = state(0);
    const { tensors, masks, rows } = await outcome(more);
    for (const name of KERNELS) {
      const mask = masks![name];
      const factors = new Set<string>();
      mask.forEach((m, i) => {
        const w = more.values === 'constant' ? Math.sign(begun.tensors[name][i]) : begun.tensors[name][i];
        if (m === 0) expect(Object.is(tensors[name][i], 0)).toBe(true);
        else factors.add((tensors[name][i] / w).toPrecision(4));
      });
      expect(factors.size, name).toBe(1);
    }
    expect(tensors['fc1/bias']).toEqual(begun.tensors['fc1/bias']);
    const losses = rows.filter((r) => r.metric === 'val.loss').map((r) => r.value);
    expect(losses[losses.length - 1]).toBeLessThan(losses[0]);
  });
});
