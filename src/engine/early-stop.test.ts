/** What a run tells of early stops and layers, and what it remembers of them. */
import { describe, expect, it } from 'vitest';
import { Cancelled } from '../spec/problem';
import type { Experiment, Row } from '../spec/types';
import { Control } from './control';
import type { Bench } from './interpreter';
import { lineage } from './lineage';
import { runExperiment } from './run';
import { tinyBench } from './testing/bench';

const train = {
  do: 'train',
  with: { steps: 60, from: 10, lr: 0.3, batch: 20, evalEvery: 10, earlyStop: true },
};
const experiment: Experiment = {
  ...{ v: 1, data: 'own-0123456789ab', model: 'mlp-9', replicates: 1 },
  seeds: { init: 1, order: 2, method: 3 },
  recipe: [train, { fork: { a: [{ do: 'rewind' }, train], b: [{ do: 'rewind' }, train] } }],
};
const tasks = lineage(experiment).filter(({ method }) => !method.live);

async function rowsOf(bench: Bench, more: Partial<Experiment> = {}, study = true): Promise<Row[]> {
  const rows: Row[] = [];
  await runExperiment({ ...experiment, ...more }, bench, hooks(rows), { hash: 'h', study });
  return rows;
}
const hooks = (rows: Row[], control = new Control()) => ({
  ...{ control, card() {}, reached() {}, progress() {} },
  rows: (more: Row[]) => rows.push(...more),
});
const of = (rows: readonly Row[], at: string, metric: string) =>
  rows.filter((r) => r.at === at && r.metric === metric);

describe('a run of a study', () => {
  it('tells the test accuracy at the lowest validation loss, with its step, and forgets the weights', async () => {
    const bench = await tinyBench();
    const rows = await rowsOf(bench);
    for (const { at, key } of tasks) {
      const losses = of(rows, at, 'val.loss');
      const lowest = losses.reduce((a, b) => (b.value < a.value ? b : a));
      const told = { step: lowest.step, unit: 'fraction', basis: 'measured', exp: 'h' };
      expect(of(rows, at, 'stop.accuracy')).toMatchObject([told]);
      expect(of(rows, at, 'test.accuracy')).toMatchObject([{ step: 70 }]);
      const trained = bench.results.trained.get(key);
      expect(trained?.stop).toBeUndefined();
      expect(trained?.state.final).toBe(trained?.state.tensors);
      expect(bench.results.measured(key).stop).toMatchObject({ step: lowest.step });
    }
    // As a training that ends there has it.
    const [{ step, value }] = of(rows, 'recipe.0', 'stop.accuracy');
    expect([10, 70]).not.toContain(step);
    const until = { ...train.with, steps: step - 10, earlyStop: false };
    const short = await rowsOf(bench, { recipe: [{ do: 'train', with: until }] });
    expect(of(short, 'recipe.0', 'test.accuracy')).toMatchObject([{ step, value }]);
    expect(of(short, 'recipe.0', 'stop.accuracy')).toEqual([]);
    expect(asSet(await rowsOf(bench))).toEqual(asSet(rows));
  });

  it('tells how much is left of each layer, at every point; an ordinary run does not', async () => {
    const bench = await tinyBench();
    const recipe = [{ do: 'prune', with: { sparsity: 0.5, scope: 'layer', outputHalf: true } }];
    const layers = of(await rowsOf(bench, { recipe }), 'recipe.0', 'density');
    expect(layers.map(({ layer, value, basis }) => [layer, value, basis])).toEqual([
      ['fc1', 0.5, 'computed'],
      ['out', expect.closeTo(20 / 27, 12), 'computed'],
    ]);
    expect((await rowsOf(bench, { recipe }, false)).filter(({ layer }) => layer)).toEqual([]);
  });

  it('measures an early stop later where the run was stopped before, and trains again what has lost it', async () => {
    const whole = await rowsOf(await tinyBench());
    const bench = await tinyBench();
    const { results, trainer } = bench;
    const [{ key }] = tasks;
    const control = new Control();
    const ending: Bench['trainer'] = {
      ...{ width: () => 1, fed() {}, dispose: async () => {} },
      async train(order) {
        const trained = await trainer.train(order);
        control.stop();
        return trained;
      },
    };
    const run = runExperiment(experiment, { ...bench, trainer: ending }, hooks([], control), { hash: 'h' });
    await expect(run).rejects.toThrow(Cancelled);
    expect(results.trained.get(key)?.stop).toBeDefined();
    expect(results.measured(key).stop).toBeUndefined();
    expect(await rowsOf(bench)).toEqual(whole);
    results.note(key, { stop: undefined });
    expect(asSet(await rowsOf(bench))).toEqual(asSet(whole));
  });
});
const asSet = (rows: readonly Row[]) => new Set(rows.map((row) => JSON.stringify(row)));
