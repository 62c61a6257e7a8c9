/** What the worker tells, as the page keeps it; which card and experiment it belongs to. */
import { describe, expect, it } from 'vitest';
import type { Experiment } from '../spec/types';
import type { SearchSubject, Tried } from '../worker/api-search';
import { type Curves, type Hunt, hunted, scanned } from './search';
import { huntLine, isTop, perLayerOf, scanLine } from './search-lines';

const experiment = (prune: object, more: object = {}): Experiment => ({
  v: 1,
  data: 'mnist',
  model: 'lenet-300-100',
  recipe: [
    { do: 'train', with: { steps: 100 } },
    { do: 'prune', ...prune },
    { do: 'quantize', with: { bits: 4 } },
  ],
  seeds: { init: 1, order: 1, method: 1 },
  replicates: 1,
  ...more,
});
const subject = (e: Experiment): SearchSubject => ({
  experiment: e,
  at: 'recipe.1',
  param: 'layers',
  layers: ['fc1', 'fc2', 'out'],
});
const quantizedTo = (bits: number) => {
  const e = experiment({});
  return { ...e, recipe: [...e.recipe.slice(0, 2), { do: 'quantize', with: { bits } }] };
};

describe('lines', () => {
  const plain = subject(experiment({}));
  it('stay while the card’s own values per layer, its slider and its switch move', () => {
    for (const moved of [
      { with: { sparsity: 0.3 } },
      { with: { layers: { fc1: 0.2 } } },
      { with: { sparsity: 0.3 }, off: true },
    ]) {
      expect(scanLine(subject(experiment(moved)))).toBe(scanLine(plain));
      expect(huntLine(subject(experiment(moved)))).toBe(huntLine(plain));
    }
  });
  it('change with what the card acts on, how it acts, and the layers', () => {
    const others = [
      subject(experiment({ with: { criterion: 'random' } })),
      subject(experiment({}, { seeds: { init: 2, order: 1, method: 1 } })),
      subject(experiment({}, { model: 'lenet-5' })),
      { ...plain, layers: ['fc1'] },
    ];
    for (const other of others) {
      expect(scanLine(other)).not.toBe(scanLine(plain));
      expect(huntLine(other)).not.toBe(huntLine(plain));
    }
  });
  it('of a search change with what follows the card; of a scan they do not', () => {
    const other = subject(quantizedTo(2));
    expect(huntLine(other)).not.toBe(huntLine(plain));
    expect(scanLine(other)).toBe(scanLine(plain));
  });
  it('are for methods with values per layer that need no training, on cards of the recipe itself', () => {
    expect([perLayerOf('prune'), perLayerOf('quantize'), perLayerOf('train'), perLayerOf('rewind')]).toEqual([
      'layers',
      'layers',
      undefined,
      undefined,
    ]);
    expect([isTop('recipe.1'), isTop('recipe.1.steps.0')]).toEqual([true, false]);
  });
});

describe('scanned', () => {
  const begun: Curves = { status: 'running', points: [], total: 0 };
  const point = (value: number, correct: number) => ({ layer: 'fc1', value, correct, count: 1000 });
  it('collects points, once each, and ends as it was told', () => {
    const events = [
      { type: 'start', untouched: { correct: 970, count: 1000 }, total: 3 },
      { type: 'points', points: [point(0, 970), point(1, 100)], done: 2 },
      { type: 'points', points: [point(1, 100), point(0.5, 960)], done: 3 },
    ] as const;
    const curves = events.reduce(
      (c, e) => scanned(c, structuredClone(e) as Parameters<typeof scanned>[1]),
      begun,
    );
    expect(curves.points.map((p) => p.value)).toEqual([0, 1, 0.5]);
    expect(curves.total).toBe(3);
    expect(scanned(curves, { type: 'end', how: 'interrupted' }).status).toBe('cut');
    expect(scanned(curves, { type: 'end', how: 'stopped' }).points).toHaveLength(3);
  });
});

describe('hunted', () => {
  const one = (number: number, more: Partial<Tried> = {}): Tried => ({
    number,
    by: 'random',
    setting: { fc1: 0.5 },
    bytes: 100,
    quick: { correct: 1, count: 2 },
    ...more,
  });
  const begun: Hunt = {
    subject: subject(experiment({})),
    goal: { kind: 'smallest', points: 1 },
    seconds: 60,
    status: 'running',
    tried: [],
    phase: 'curves',
    secondsLeft: 60,
  };
  it('keeps settings by number, later news in place of earlier', () => {
    const time = { ms: 1, ratio: { median: 1, q1: 1, q3: 1 }, overlap: true };
    let hunt = hunted(begun, { type: 'tried', tried: [one(1), one(2)] });
    hunt = hunted(hunt, { type: 'tried', tried: [one(1, { time })] });
    expect(hunt.tried.map((t) => t.time?.ms)).toEqual([1, undefined]);
  });
  it('ends with the best, or with what comes closest and no best', () => {
    const found = hunted(begun, { type: 'progress', phase: 'settings', secondsLeft: 9, best: 2 });
    expect([found.best, found.secondsLeft]).toEqual([2, 9]);
    expect(hunted(found, { type: 'end', how: 'stopped', best: 3 })).toMatchObject({
      status: 'stopped',
      best: 3,
    });
    const none = hunted(begun, { type: 'end', how: 'done', closest: 1 });
    expect([none.best, none.closest, none.status]).toEqual([undefined, 1, 'done']);
    expect(hunted(begun, { type: 'end', how: 'interrupted' }).status).toBe('cut');
  });
  it('shows why it failed', () => {
    const problem = { code: 'search.busy', path: '', message: 'busy' };
    expect(hunted(begun, { type: 'problem', problem })).toMatchObject({ status: 'failed', problem });
  });
});
