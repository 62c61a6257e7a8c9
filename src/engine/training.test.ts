/** Where a training begins, which order it draws, and what it keeps of the way, on a small network in plain loops. */
import { describe, expect, it } from 'vitest';
import type { NetState } from '../models/types';
import { Cancelled } from '../spec/problem';
import { arch, state, tinyData, values } from './crew/testing/tiny';
import { openBackend } from './device';
import type { Outcome, Unfinished } from './results';
import { type TrainEnv, type TrainValues, trainWeights } from './training';

async function envOf(more: Partial<TrainEnv> = {}): Promise<TrainEnv> {
  const network = await (await openBackend('reference')).open(arch);
  const env = { network, data: tinyData(), device: 'here', seed: 5, replicate: 0, card: 'recipe.0' };
  return { ...env, part: 60, turn: async () => {}, ...more };
}
const outcome = async (more: Partial<TrainValues>, env?: Partial<TrainEnv>, start: NetState = state(0)) =>
  trainWeights(start, values(more), await envOf(env));
const sgd = { optimizer: 'sgd', momentum: 0, lr: 0.05, augment: 'flip-crop' } as const;
const stepsOf = ({ rows }: Outcome, wanted: string) =>
  rows.filter(({ metric }) => metric === wanted).map(({ step }) => step);

describe('a training that begins at a later step', () => {
  it('goes on as if the steps before had been done in it: plain SGD remembers nothing else', async () => {
    // 30 steps an epoch here: the second part begins within the first and goes through the second.
    const whole = await outcome({ ...sgd, steps: 55 });
    const first = await outcome({ ...sgd, steps: 20 });
    const rest = await outcome({ ...sgd, steps: 35, from: 20 }, {}, { ...state(0), tensors: first.tensors });
    expect(rest.tensors).toEqual(whole.tensors);
    const anew = await outcome({ ...sgd, steps: 35 }, {}, { ...state(0), tensors: first.tensors });
    expect(anew.tensors).not.toEqual(whole.tensors);
  });
  it('counts steps from there in rows, history and messages, and in nothing else', async () => {
    const told: number[] = [];
    const late = await outcome(
      { steps: 50, from: 100, evalEvery: 20 },
      { onProgress: (step) => told.push(step) },
    );
    expect(stepsOf(late, 'val.loss')).toEqual([100, 120, 140, 150]);
    expect(stepsOf(late, 'train.loss')).toEqual([120, 140, 150]);
    expect(late.history?.steps).toEqual([100, 120, 140, 150]);
    expect(told.at(-1)).toBe(50);
    const wild = { steps: 20, from: 100, optimizer: 'sgd', lr: 1e30 } as const;
    await expect(outcome(wild)).rejects.toMatchObject({
      problem: { code: 'diverged', values: { step: expect.toSatisfy((s: number) => s > 100 && s <= 120) } },
    });
  });
});

describe('the draw of the data order', () => {
  it('0 is the order there always was; others give other batches and moves from the same start', async () => {
    const ends = [];
    for (const order of [0, 1, 2]) ends.push((await outcome({ ...sgd, augment: 'none', order })).tensors);
    const { order: _, ...before } = values({ ...sgd, augment: 'none' });
    expect((await outcome(before)).tensors).toEqual(ends[0]);
    expect(ends[1]).not.toEqual(ends[0]);
    expect(ends[2]).not.toEqual(ends[1]);
    // All images in one batch: only the moves are left to differ.
    const moved = (order: number) => outcome({ ...sgd, steps: 3, batch: 300, order });
    expect((await moved(1)).tensors).not.toEqual((await moved(0)).tensors);
  });
});

const EARLY = { steps: 200, lr: 0.1, augment: 'none', evalEvery: 10, earlyStop: true } as const;
describe('early stop', () => {
  it('keeps the weights of the lowest validation loss and trains on to the end', async () => {
    const [plain, early] = [await outcome({ ...EARLY, earlyStop: false }), await outcome(EARLY)];
    const { stop, ...rest } = early;
    expect(rest).toEqual(plain);
    const losses = early.rows.filter(({ metric }) => metric === 'val.loss');
    const lowest = losses.reduce((a, b) => (b.value < a.value ? b : a));
    expect(stop).toMatchObject({ step: lowest.step, loss: lowest.value });
    // Otherwise it is of no use as a test: the lowest is neither the first nor the last.
    expect([0, 200]).not.toContain(lowest.step);
    expect(stop?.tensors).toEqual((await outcome({ ...EARLY, steps: lowest.step })).tensors);
  });
  it('takes the first of equal losses, that before the first step too', async () => {
    // Nothing learns: all losses are equal.
    const start = state(0);
    const still = await outcome({ ...EARLY, optimizer: 'sgd', momentum: 0, lr: 0, steps: 40, from: 7 });
    expect(new Set(still.rows.filter((r) => r.metric === 'val.loss').map((r) => r.value)).size).toBe(1);
    expect(still.stop?.step).toBe(7);
    expect(still.stop?.tensors).toEqual(start.tensors);
  });
  it('has the masks of that moment where the training prunes', async () => {
    const ones = { 'fc1/kernel': new Uint8Array(192).fill(1) };
    const schedule = {
      ...{ from: 0, to: 0.9, begin: 150, end: 190, every: 20 },
      ...({ scope: 'layer', outputHalf: false, layers: [] } as const),
    };
    const start = { ...state(0), masks: ones };
    const { stop, masks } = await outcome(EARLY, { regime: { schedule } }, start);
    const there = await outcome({ ...EARLY, steps: stop?.step }, { regime: { schedule } }, start);
    expect(stop?.tensors).toEqual(there.tensors);
    expect(stop?.masks).toEqual(there.masks);
    expect(stop?.masks).not.toEqual(masks);
  });
  it('is the same wherever the training was stopped and taken up again', async () => {
    const whole = await outcome(EARLY);
    const found = whole.stop?.step as number;
    for (const after of [1, found - 5, found, found + 5, 181]) {
      let unfinished: Unfinished | undefined;
      let now = 0;
      const env = {
        onProgress: (step: number) => {
          now = step;
        },
        turn: async () => {
          if (now >= after) throw new Cancelled();
        },
        onStopped: (u: Unfinished) => {
          unfinished = structuredClone(u);
        },
      };
      await expect(outcome(EARLY, env)).rejects.toThrow(Cancelled);
      expect(unfinished?.step).toBeGreaterThanOrEqual(after);
      expect(await trainWeights(state(0), values(EARLY), await envOf(), unfinished)).toEqual(whole);
    }
  });
});
