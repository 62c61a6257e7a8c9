/** Recipes on real threads: side by side must not differ from one after the other in anything but time. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hash } from '../catalog';
import { nodeStaff } from '../cli/staff';
import type { NetState } from '../models/types';
import { inRunOrder, places } from '../spec/row-order';
import type { Experiment, Step } from '../spec/types';
import type { LabEvent, Progress } from '../worker/api';
import { holdTiny } from './crew/testing/tiny';
import { Lab } from './lab';
import { lineage } from './lineage';
import { Results } from './results';
import { RunClock } from './run-clock';

/** Threads start slowly where others want the processor, too. */
const TIMEOUT = 240_000;
const DATA = 'own-0123456789ab';
beforeAll(() => holdTiny(DATA));

/** A state to the last bit, in a form that is compared quickly. */
const printOf = (state: NetState | undefined) =>
  state && {
    ...{ steps: state.steps, trainings: state.trainings, quant: state.quant },
    ...Object.fromEntries(
      [state.tensors, state.start, state.masks].flatMap((all, i) =>
        Object.entries(all).map(([name, values]) => [
          `${i} ${name}`,
          createHash('sha256')
            .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
            .digest('hex'),
        ]),
      ),
    ),
  };

const labs: Lab[] = [];
/** @param threads none: everything on this one */
async function openLab(threads?: number) {
  const events: LabEvent[] = [];
  const lab = new Lab(
    () => () => Promise.reject(new Error('no files here')),
    hash,
    (event) => events.push(event),
    undefined,
    threads === undefined ? undefined : nodeStaff(threads),
  );
  labs.push(lab);
  await lab.use('simd');
  const problems = () => events.flatMap((e) => (e.type === 'problem' ? [e.problem] : []));
  const told = () => events.flatMap((e) => (e.type === 'rows' ? e.rows : []));
  const progress = () => events.flatMap((e) => (e.type === 'progress' ? [e.progress] : []));
  return { lab, events, problems, told, progress };
}
afterAll(() => Promise.all(labs.map((lab) => lab.dispose())));

const train = (steps: number, more = {}): Step => ({
  do: 'train',
  with: { steps, batch: 8, evalEvery: 20, ...more },
});
const prune = (sparsity: number): Step => ({ do: 'prune', with: { sparsity } });
const experiment = (recipe: Step[], more: Partial<Experiment> = {}): Experiment => ({
  ...{ v: 1, data: DATA, model: 'lenet-300-100', recipe, replicates: 1 },
  seeds: { init: 3, order: 5, method: 7 },
  ...more,
});
const arms = (): Step => ({
  fork: {
    ticket: [{ do: 'rewind' }, train(20)],
    reinit: [{ do: 'reinit' }, train(20)],
    again: [{ do: 'rewind' }, train(20)],
  },
});
const lottery = experiment(
  [train(40), { repeat: 2, steps: [prune(0.3), arms()] }, { do: 'quantize', with: { bits: 3 } }, train(20)],
  { replicates: 2 },
);

describe('runExperiment', () => {
  it('gives the same rows, states and keys on one thread and on any number of them', {
    timeout: TIMEOUT,
  }, async () => {
    const run = async (threads?: number) => {
      const { lab, told, problems } = await openLab(threads);
      const end = await lab.run(lottery);
      expect(problems()).toEqual([]);
      const tasks = [0, 1].flatMap((replicate) => lineage(lottery, replicate));
      const states = tasks.map(({ key }) => printOf(lab.results.trained.get(key)?.state));
      return { end: printOf(end), states, told: told(), rows: inRunOrder(told(), lottery) };
    };
    const alone = await run();
    // One after the other, but for arms that share a training with an earlier one.
    expect(alone.states.filter(Boolean)).toHaveLength(2 * 8);
    const trained = alone.rows.filter((r) => r.metric === 'test.accuracy').map((r) => [r.replicate, r.at]);
    const order = places(lottery).filter((at) => trained.some(([, found]) => found === at));
    expect(trained).toEqual([0, 1].flatMap((replicate) => order.map((at) => [replicate, at])));
    for (const threads of [1, 2, 3]) {
      const { end, states, rows, told } = await run(threads);
      expect(rows).toEqual(alone.rows);
      expect(states).toEqual(alone.states);
      expect(end).toEqual(alone.end);
      // Otherwise nothing was side by side.
      if (threads > 1) expect(told).not.toEqual(rows);
    }
  });

  it('tells what goes on side by side', { timeout: TIMEOUT }, async () => {
    const { lab, progress, events } = await openLab(2);
    const running = lab.run(experiment([train(1e6, { evalEvery: 1e5 })], { replicates: 2 }));
    const both = () => progress().find(({ running }) => running.length === 2);
    await expect.poll(both, { timeout: TIMEOUT, interval: 1 }).toBeDefined();
    await lab.stop();
    await running;
    expect(both()?.running.map((r) => [r.at, r.replicate, r.steps])).toEqual([
      ['recipe.0', 0, 1e6],
      ['recipe.0', 1, 1e6],
    ]);
    expect(both()?.total).toBe(2e6);
    // One card, at work until the last replicate has left it.
    const cards = events.flatMap((e) => (e.type === 'card' ? [e.status] : []));
    expect(cards).toEqual(['running', 'needs-run']);
  });

  it.each([undefined, 2])(
    'goes on where it was stopped (threads: %s)',
    { timeout: TIMEOUT },
    async (threads) => {
      const e = experiment([train(30), prune(0.5), train(3000, { evalEvery: 1200 })], { replicates: 2 });
      const whole = await openLab(2);
      const expected = await whole.lab.run(e);
      const { lab, told, progress, events } = await openLab(threads);
      const running = lab.run(e);
      const late = () =>
        progress().some(({ running }) => running.some((r) => r.at === 'recipe.2' && r.step > 1300));
      await expect.poll(late, { timeout: TIMEOUT, interval: 1 }).toBe(true);
      await lab.stop();
      expect(await running).toBeUndefined();
      events.length = 0;
      const end = await lab.run(e);
      const [first] = progress();
      // A thread that gets no processor time in time to answer is ended with its work: that costs time, not numbers.
      if (threads === undefined) expect(first.total).toBeLessThan(2 * 3000 + 30 - 1300);
      expect(printOf(end)).toEqual(printOf(expected));
      expect(inRunOrder(told(), e)).toEqual(inRunOrder(whole.told(), e));
      const last = progress().at(-1);
      expect(last?.done).toBe(last?.total);
    },
  );

  it('reports the card that fails first in the recipe, whichever fails first', {
    timeout: TIMEOUT,
  }, async () => {
    const late = [train(200), { do: 'factorize' }, { do: 'rewind' }] as Step[];
    const early = [{ do: 'factorize' }, { do: 'rewind' }] as Step[];
    const never = [train(1e6, { evalEvery: 1e5 })] as Step[];
    const { lab, problems, events } = await openLab(2);
    await lab.run(experiment([train(20), { fork: { late, early, never } }], { replicates: 4 }));
    expect(problems().map((p) => p.path)).toEqual(['recipe.1.fork.late.2']);
    const failed = events.flatMap((e) => (e.type === 'card' && e.status === 'failed' ? [e.at] : []));
    // Whether a later replicate gets as far depends on the moment.
    expect(failed.indexOf('recipe.1.fork.early.1')).toBe(0);
    expect(failed).toContain('recipe.1.fork.late.2');
    expect(events.filter((e) => e.type === 'run').at(-1)).toMatchObject({ status: 'failed' });
  });
});

describe('places', () => {
  it('lists what is executed in the order of the lineage', () => {
    const nested: Step = {
      repeat: 3,
      steps: [prune(0.1), arms(), { repeat: 2, steps: [train(5), { ...train(5), off: true } as Step] }],
    };
    for (const e of [
      lottery,
      experiment([nested, { ...nested, off: true }, train(5), { fork: { a: [], b: [nested] } }]),
    ]) {
      expect(places(e)).toEqual(lineage(e).map(({ at }) => at));
    }
  });
});

describe('RunClock', () => {
  it('sums what goes on, counts a shared training once, and a part that was done before not at all', () => {
    const e = experiment([train(100), { fork: { a: [train(50)], b: [train(50)], c: [train(30)] } }]);
    const tasks = lineage(e).map((task) => ({ ...task, of: { id: 'main', experiment: e, hash: '' } }));
    const results = new Results();
    const [, a, , c] = tasks;
    const part = { step: 10, tensors: {}, rows: [], optimizer: { step: 10, moments: [] } };
    results.unfinished.set(c.key, { ...part, due: false, losses: { sum: 0, count: 0 } });
    let last: Progress | undefined;
    const clock = new RunClock(tasks, results, (progress) => {
      last = progress;
    });
    clock.begin(1, a, 0);
    expect(last).toMatchObject({ done: 0, total: 170, stepsPerSecond: 0, secondsLeft: Number.NaN });
    clock.begin(3, c, 10);
    clock.tick(1, 20);
    clock.tick(3, 15);
    expect(last).toMatchObject({
      done: 25,
      running: [
        { arm: 'a', step: 20 },
        { arm: 'c', step: 15 },
      ],
    });
    clock.tick(1, 50);
    clock.end(1);
    clock.tick(3, 16);
    expect(last).toMatchObject({ done: 56, running: [{ arm: 'c' }] });
    // Its hand died: it begins again, at the very beginning.
    clock.tick(3, 1);
    expect(last).toMatchObject({ done: 51, total: 180 });
    clock.end(3);
  });
});
