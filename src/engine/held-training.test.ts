/** Held weights on their way through a run: from the card that holds them, through a hand, to what a training leaves. */
import { describe, expect, it } from 'vitest';
import type { Regime } from '../methods/regime';
import { kernelNames } from '../models/build';
import { trainedMasks } from '../models/held';
import type { Masks, NetState, Tensors } from '../models/types';
import type { Experiment, Step } from '../spec/types';
import { Control } from './control';
import { Crew } from './crew/crew';
import { localHire } from './crew/local';
import { order } from './crew/testing/tiny';
import type { HandJob, Hire } from './crew/types';
import { openBackend } from './device';
import type { Bench } from './interpreter';
import { lineage } from './lineage';
import { runExperiment } from './run';
import { tinyBench } from './testing/bench';

const train = { do: 'train', with: { steps: 30, lr: 0.05, batch: 20, weightDecay: 0.01, evalEvery: 10 } };
const act = (action: string): Step[] => [{ do: 'mask-zero', with: { action } }, train];
const experiment: Experiment = {
  ...{ v: 1, data: 'own-0123456789ab', model: 'mlp-9', replicates: 1 },
  seeds: { init: 1, order: 2, method: 3 },
  recipe: [
    train,
    { do: 'prune', with: { sparsity: 0.6 } },
    {
      fork: {
        rewind: [{ do: 'rewind' }, train],
        ...Object.fromEntries(
          ['zero', 'freeze', 'freeze-shrunk', 'freeze-shrunk-start'].map((a) => [a, act(a)]),
        ),
      },
    },
  ],
};

/** Structured clones, as between threads, and a list of what was sent. */
function listening(hire: Hire, jobs: HandJob[]): Hire {
  return (gone) => {
    const hand = hire(gone);
    const sent: typeof hand.api.train = (job, tell) => {
      const copy = structuredClone(job);
      jobs.push(copy);
      return hand.api.train(copy, tell).then((result) => structuredClone(result));
    };
    return { ...hand, api: { ...hand.api, train: sent } };
  };
}
async function trained(): Promise<{ of(arm: string): NetState; jobs: HandJob[] }> {
  const backend = await openBackend('simd');
  const jobs: HandJob[] = [];
  const { device } = backend;
  const local = listening(localHire(backend), jobs);
  const bench: Bench = {
    ...(await tinyBench('simd')),
    trainer: new Crew({ backend: 'simd', device, local }),
  };
  const hooks = { control: new Control(), card() {}, reached() {}, progress() {}, rows() {} };
  await runExperiment(experiment, bench, hooks, { hash: 'h' });
  const of = (arm: string) => {
    const task = lineage(experiment).find(({ at }) => at.endsWith(`fork.${arm}.1`))!;
    return bench.results.trained.get(task.key)!.state;
  };
  return { of, jobs };
}
const values = (tensors: Tensors, flags: Masks) =>
  Object.entries(flags).map(([name, on]) => tensors[name].filter((_, i) => on[i] === 1));

describe('a run', async () => {
  const { of, jobs } = await trained();
  it('leaves held weights where they began, bit for bit, and moves the others', () => {
    for (const arm of ['freeze', 'freeze-shrunk', 'freeze-shrunk-start']) {
      const { tensors, start, held, masks } = of(arm);
      expect(values(tensors, held!)).toEqual(values(start, held!));
      expect(values(tensors, held!).flatMap((v) => [...v]).length, arm).toBeGreaterThan(5);
      const free = values(tensors, trainedMasks({ masks, held }));
      const began = values(start, trainedMasks({ masks, held }));
      free.forEach((kernel, k) => {
        const moved = kernel.filter((w, i) => w !== began[k][i]).length;
        expect(moved / kernel.length, arm).toBeGreaterThan(0.5);
      });
    }
  });
  it('prunes the same weights in every arm; zero is the ticket, the others are not', () => {
    const ticket = of('rewind');
    expect(of('zero').tensors).toEqual(ticket.tensors);
    expect(of('zero')).not.toHaveProperty('held');
    const others = ['freeze', 'freeze-shrunk', 'freeze-shrunk-start'].map(of);
    for (const state of others) expect(trainedMasks(state)).toEqual(ticket.masks);
    const first = [ticket, ...others].map(({ tensors }) => [...tensors['fc1/bias']].join());
    expect(new Set(first).size).toBe(4);
  });
  it('sends a hand what it needs and no more', () => {
    expect(jobs.length).toBe(6);
    const always = ['arch', 'masks', 'quant', 'tensors', 'trainings'];
    for (const { start } of jobs)
      expect(Object.keys(start).sort()).toEqual(start.held ? [...always, 'held'].sort() : always);
    expect(jobs.filter(({ start }) => start.held)).toHaveLength(3);
  });
});

describe('other trainings of held weights', async () => {
  const bench = await tinyBench();
  const plain = order(0).state;
  const held: Masks = { 'fc1/kernel': Uint8Array.from({ length: 192 }, (_, i) => (i % 3 === 0 ? 1 : 0)) };
  const steps = { steps: 40, optimizer: 'sgd', lr: 0.1 } as const;
  const run = async (regime: Regime) => {
    const asked = order(0, { state: { ...plain, held }, regime });
    const { state } = await bench.trainer.train({ ...asked, values: { ...asked.values, ...steps } });
    expect(values(state.tensors, held)).toEqual(values(plain.tensors, held));
    return state;
  };
  const layers: string[] = [];
  it('L1 by subgradient leaves them alone', async () => {
    await run({ penalty: { kind: 'l1-subgradient', lambda: 0.02, layers } });
  });
  it('a schedule prunes others, and ends at its sparsity of those that are trained', async () => {
    const between = { from: 0, to: 0.8, begin: 3, end: 20, every: 5 };
    const state = await run({ schedule: { ...between, scope: 'layer', outputHalf: false, layers } });
    const left = trainedMasks(state);
    for (const name of kernelNames(plain.arch)) {
      const of = plain.tensors[name].length;
      expect(left[name].reduce((sum, m) => sum + m, 0)).toBe(of - Math.round(0.8 * of));
    }
  });
  it.each<[string, Regime]>([
    ['a proximal step', { penalty: { kind: 'l1-proximal', lambda: 0.02, layers } }],
    ['group lasso', { penalty: { kind: 'group-lasso', lambda: 0.02, layers: ['fc1'] } }],
    ['gates', { gates: { lambda: 3, lr: 0.05, dropInput: 0.2, dropHidden: 0.5, layers } }],
  ])('%s would move them and is refused by name', async (_, regime) => {
    await expect(run(regime)).rejects.toMatchObject({
      problem: { code: 'held.moved', path: 'recipe.0', values: { found: 'fc1' } },
    });
  });
  it('elsewhere a shrinking step is welcome', async () => {
    await run({ penalty: { kind: 'l1-proximal', lambda: 0.02, layers: ['out'] } });
  });
});
