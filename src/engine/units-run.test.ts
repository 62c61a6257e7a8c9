/** A recipe that loses units on its way, through the whole lab: measured, trained on, rewound, drawn anew, saved. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hash } from '../catalog';
import type { Experiment, Step } from '../spec/types';
import type { LabEvent, Preview } from '../worker/api';
import { holdTiny } from './crew/testing/tiny';
import { Lab } from './lab';
import { decode } from './stored';

const DATA = 'own-0123456789ac';
beforeAll(() => holdTiny(DATA));
const events: LabEvent[] = [];
const lab = new Lab(
  () => () => Promise.reject(new Error('no files here')),
  hash,
  (event) => events.push(event),
);
afterAll(() => lab.dispose());

const train: Step = { do: 'train', with: { steps: 6, batch: 8, evalEvery: 6 } };
const experiment = (recipe: Step[]): Experiment => ({
  ...{ v: 1, data: DATA, model: 'mlp-24-12', recipe, replicates: 1 },
  seeds: { init: 3, order: 5, method: 7 },
});
const problems = () => events.flatMap((e) => (e.type === 'problem' ? [e.problem] : []));
const lastPreview = () => events.flatMap((e) => (e.type === 'preview' ? [e.preview] : [])).at(-1) as Preview;

it.each(['l1', 'apoz', 'taylor'])(
  '%s: train, prune units, train, rewind, train, draw anew, train',
  async (criterion) => {
    await lab.use('simd');
    const smaller: Step[] = [train, { do: 'prune-units', with: { fraction: 0.5, criterion, images: 20 } }];
    const all = experiment([
      ...[...smaller, train, { do: 'rewind' }, train, { do: 'reinit' }, train],
      ...[{ do: 'prune', with: { sparsity: 0.9 } }, { do: 'compact' }],
    ]);
    await lab.run(all);
    await lab.preview(experiment(smaller));
    expect(problems()).toEqual([]);
    const { facts, groups, test, dense } = lastPreview();
    expect(groups.map((g) => [g.id, g.before, g.units, g.fixed])).toEqual([
      ['fc1', 24, 12, undefined],
      ['fc2', 12, 6, undefined],
      ['out', 3, 3, 'logits'],
    ]);
    expect(facts.weights).toBe(16 * 12 + 12 * 6 + 6 * 3);
    expect(facts.weights + facts.removed).toBe(dense?.facts.weights);
    expect(test?.count).toBeGreaterThan(0);
    const saved = await lab.encoded(experiment(smaller));
    expect(decode(saved!).arch.layers.map((l) => l.out)).toEqual([12, 6, 3]);
    expect((await lab.inspect(experiment(smaller)))?.keptPerInput?.max).toBe(12);
    const accuracies = events
      .flatMap((e) => (e.type === 'rows' ? e.rows : []))
      .filter((r) => r.metric === 'test.accuracy');
    expect(accuracies.length).toBeGreaterThan(4);
  },
  120_000,
);
