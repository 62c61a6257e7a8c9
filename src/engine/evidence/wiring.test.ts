/** Cards that must know something from data, in runs and in looking, on a data set of three classes of 16 pixels. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { hash } from '../../catalog';
import { holdOwn } from '../../datasets/own/open';
import type { Dataset, DatasetInfo } from '../../datasets/types';
import { Cancelled } from '../../spec/problem';
import type { Experiment, Step } from '../../spec/types';
import type { LabEvent, Preview } from '../../worker/api';
import { tinyData } from '../crew/testing/tiny';
import { follow, LiveStates } from '../frontier';
import type { Bench } from '../interpreter';
import { Lab } from '../lab';
import { lineage } from '../lineage';
import { Results } from '../results';
import { gather } from './gather';
import { EvidenceStore } from './store';
import * as walks from './walk';

const TIMEOUT = 120_000;
const DATA = 'own-00e51de0ce11';
const { train: images, val, test } = tinyData();
const info: DatasetInfo = {
  ...{ id: DATA, name: 'tiny', classes: ['a', 'b', 'c'], digits: false },
  ...{ shape: [4, 4, 1], licence: '', citation: { text: '' }, source: '' },
  counts: { train: images.total, val: val.total, test: test.total },
};
beforeAll(() => holdOwn({ info, splits: { train: images, val, test } }));

const experiment = (recipe: Step[], more: Partial<Experiment> = {}): Experiment => ({
  ...{ v: 1, data: DATA, model: 'mlp-8', recipe, replicates: 1 },
  seeds: { init: 3, order: 5, method: 7 },
  ...more,
});
const train = (steps: number): Step => ({ do: 'train', with: { steps, batch: 16, evalEvery: 1000 } });
const prune = (criterion: string, sparsity: number, more = {}): Step => ({
  do: 'prune',
  with: { criterion, sparsity, images: 40, ...more },
});

const labs: Lab[] = [];
async function openLab() {
  const events: LabEvent[] = [];
  const lab = new Lab(
    () => () => Promise.reject(new Error('no files here')),
    hash,
    (event) => events.push(event),
  );
  labs.push(lab);
  await lab.use('simd');
  const problems = () => events.flatMap((e) => (e.type === 'problem' ? [e.problem] : []));
  const statuses = (at: string) =>
    events.flatMap((e) => (e.type === 'card' && e.at === at ? [e.status] : []));
  const previews = () => events.flatMap((e): Preview[] => (e.type === 'preview' ? [e.preview] : []));
  return { lab, events, problems, statuses, previews };
}
afterAll(async () => {
  for (const lab of labs) await lab.dispose();
});

/** Walks that have begun: one per measurement. */
const walked = vi.spyOn(walks.Walk.prototype, 'forward');
beforeEach(() => {
  walked.mockClear();
});
const sparsityOf = (preview: Preview | undefined) => preview?.facts.sparsity;

describe('runs', () => {
  it.each(['gradient', 'taylor', 'taylor-abs', 'obd', 'snip'])(
    'by %s, before and after a training',
    {
      timeout: TIMEOUT,
    },
    async (criterion) => {
      const { lab, problems, statuses } = await openLab();
      const more = { outputHalf: false };
      const end = await lab.run(
        experiment([prune(criterion, 0.5, more), train(20), prune(criterion, 0.5, more)]),
      );
      expect(problems()).toEqual([]);
      expect(statuses('recipe.0')).toEqual(['running', 'measuring', 'done']);
      // 16 x 8 and 8 x 3, halved twice.
      const kept = Object.values(end?.masks ?? {}).map((m) => m.reduce((a, b) => a + b, 0));
      expect(kept).toEqual([32, 6]);
      // The first choice stands: the second is among what it left.
      expect(end?.trainings).toBe(1);
    },
  );

  it('give every replicate its own scores, and the same ones again', { timeout: TIMEOUT }, async () => {
    const e = experiment([prune('snip', 0.5), train(5)], { replicates: 2 });
    const masks = async () => {
      const { lab } = await openLab();
      await lab.run(e);
      const key = (r: number) => lineage(e, r).at(-1)!.key;
      return [0, 1].map((r) => lab.results.trained.get(key(r))?.state.masks['fc1/kernel'].join());
    };
    const [first, again] = [await masks(), await masks()];
    expect(first).toEqual(again);
    expect(first[0]).toBeDefined();
    expect(first[0]).not.toBe(first[1]);
  });

  it('sweep a criterion from data, as rows', { timeout: TIMEOUT }, async () => {
    const { lab } = await openLab();
    const sweep = { at: 'recipe.1', param: 'sparsity', values: [0.3, 0.6] };
    const e = experiment([train(20), prune('obd', 0.9, { outputHalf: false })], { sweep });
    await lab.run(e);
    const rows = await lab.sweepRows(e);
    const sparsity = rows.filter((r) => r.metric === 'sparsity').map((r) => r.value);
    expect(sparsity).toHaveLength(2);
    expect(sparsity[0]).toBeCloseTo(0.3, 1);
    expect(sparsity[1]).toBeCloseTo(0.6, 1);
  });
});

describe('looking', () => {
  it('measures once; a moved slider does not measure again, another criterion does', {
    timeout: TIMEOUT,
  }, async () => {
    const { lab, previews, statuses, problems } = await openLab();
    const at = (criterion: string, sparsity: number) =>
      experiment([train(20), prune(criterion, sparsity, { outputHalf: false })]);
    await lab.run(at('taylor', 0.5));
    walked.mockClear();
    await lab.preview(at('taylor', 0.7));
    await lab.preview(at('taylor', 0.25));
    expect(problems()).toEqual([]);
    expect(walked).not.toHaveBeenCalled();
    expect(sparsityOf(previews().at(-1))).toBe(0.25);
    await lab.preview(at('taylor-abs', 0.25));
    expect(walked).toHaveBeenCalledTimes(1);
    expect(statuses('recipe.1').at(-1)).toBe('measuring');
    expect(previews().at(-1)?.cards['recipe.1']).toBe('done');
    expect(problems()).toEqual([]);
  });

  it('prunes a network that has not been trained', { timeout: TIMEOUT }, async () => {
    const { lab, previews } = await openLab();
    await lab.preview(experiment([prune('snip', 0.75, { outputHalf: false }), train(20)]));
    expect(previews().at(-1)).toMatchObject({ at: 'recipe.0', facts: { sparsity: 0.75 } });
    expect(previews().at(-1)?.cards).toEqual({ 'recipe.0': 'done', 'recipe.1': 'needs-run' });
  });

  it('inspects, guesses and encodes what was measured for', { timeout: TIMEOUT }, async () => {
    const { lab } = await openLab();
    const of = (sparsity: number) => experiment([train(20), prune('taylor', sparsity)]);
    await lab.run(of(0.5));
    expect((await lab.inspect(of(0.6)))?.histograms).toHaveLength(2);
    expect((await lab.guess(of(0.7), new Uint8Array(16)))?.compressed).toHaveLength(3);
    expect((await lab.encoded(of(0.8)))?.length).toBeGreaterThan(100);
  });

  it('gives way to a newer look while it measures', { timeout: TIMEOUT }, async () => {
    const { lab, previews } = await openLab();
    const of = (criterion: string) => experiment([prune(criterion, 0.5)]);
    const older = lab.preview(of('obd'));
    const newer = lab.preview(of('magnitude'));
    await Promise.all([older, newer]);
    expect(new Set(previews().map((p) => p.token)).size).toBe(1);
  });
});

describe('while data is on its way', () => {
  /** As many training images as `arrive` says. */
  function arriving() {
    let count = 0;
    let resolve = () => {};
    const complete = new Promise<void>((done) => {
      resolve = done;
    });
    const data: Dataset = {
      ...{ info, val, test, ready: complete, complete },
      train: Object.defineProperties({ ...images }, { count: { get: () => count } }),
    };
    const bench = { data, results: new Results() } as Partial<Bench> as Bench;
    return {
      bench,
      arrive(n: number) {
        count = n;
        if (n >= images.total) resolve();
      },
    };
  }
  const recipe = experiment([prune('snip', 0.5)]);
  const breathe = () => new Promise<void>((done) => setTimeout(done, 1));

  it('waits for the images that are wished for, says so, and for no more', async () => {
    const { bench, arrive } = arriving();
    const busy = vi.fn();
    const following = follow(recipe, bench, new LiveStates(), { turn: breathe, busy });
    let done = false;
    void following.then(() => {
      done = true;
    });
    arrive(39);
    await new Promise((wait) => setTimeout(wait, 60));
    expect(done).toBe(false);
    const wishes = [{ kind: 'gradient', images: 40 }];
    expect(busy.mock.calls.map(([card, how]) => [card, how])).toEqual([
      ['recipe.0', { status: 'measuring', wishes }],
    ]);
    arrive(40);
    expect((await following).at).toBe('recipe.0');
  });
  it('can be given up', async () => {
    const { bench } = arriving();
    let stop = false;
    const turn = async () => {
      await breathe();
      if (stop) throw new Cancelled();
    };
    const following = follow(recipe, bench, new LiveStates(), { turn });
    stop = true;
    await expect(following).rejects.toBeInstanceOf(Cancelled);
  });
});

it('refuses images that do not fit the network', async () => {
  const { state } = await follow(
    experiment([]),
    { data: { info }, results: new Results() } as Partial<Bench> as Bench,
    new LiveStates(),
    { turn: async () => {} },
  );
  const other = { ...images, shape: [2, 2, 1] as const };
  const data = { train: other, complete: Promise.resolve() };
  await expect(gather(state, ['gradient'], 10, data, async () => {})).rejects.toThrow(/images must be/);
});

describe('EvidenceStore', () => {
  const wish = { kind: 'gradient', images: 10 } as const;
  const of = (bytes: number) => ({ 'fc/kernel': new Float32Array(bytes / 4) });
  it('keeps state, kind and number of images apart', () => {
    const store = new EvidenceStore();
    const piece = of(16);
    store.set('a', wish, piece);
    expect(store.get('a', wish)).toBe(piece);
    expect(store.get('b', wish)).toBeUndefined();
    expect(store.get('a', { ...wish, images: 20 })).toBeUndefined();
    expect(store.get('a', { kind: 'gradientSquare', images: 10 })).toBeUndefined();
  });
  it('forgets what was used longest ago when it holds too much, but never what came last', () => {
    const store = new EvidenceStore(1000);
    store.set('a', wish, of(400));
    store.set('b', wish, of(400));
    store.get('a', wish);
    store.set('c', wish, of(400));
    expect(['a', 'b', 'c'].map((key) => store.get(key, wish) !== undefined)).toEqual([true, false, true]);
    store.set('d', wish, of(4000));
    expect(['a', 'c', 'd'].map((key) => store.get(key, wish) !== undefined)).toEqual([false, false, true]);
  });
});
