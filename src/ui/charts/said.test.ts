import { beforeAll, expect, test } from 'vitest';
import { i18n } from '../../i18n';
import type { Curve, Curves } from './curves';
import { crowded, lookOf, mainOf } from './look';
import { saidAt, summaryOf } from './said';
import { curvesTable } from './tables';

const t = i18n.getFixedT('en', 'charts') as never;
beforeAll(() => i18n.changeLanguage('en'));

const curve = (more: Partial<Curve>): Curve => ({
  at: 'recipe.0',
  replicate: 0,
  part: 0,
  points: [],
  ...more,
});
const simple: Curves = {
  curves: [
    curve({
      points: [
        { x: 20, loss: 0.5 },
        { x: 40, loss: 0.25, accuracy: 0.9 },
      ],
    }),
  ],
  parts: [{ from: 0, to: 40 }],
  marks: [],
  arms: [],
  replicates: [0],
};
const arms: Curves = {
  curves: ['ticket', 'reinit'].flatMap((arm) =>
    [0, 1, undefined].map((replicate) =>
      curve({ at: `r.fork.${arm}.0`, arm, replicate, points: [{ x: 10, loss: 1, accuracy: 0.5 }] }),
    ),
  ),
  parts: [
    { from: 0, to: 10 },
    { from: 10, to: 20 },
    { from: 20, to: 30 },
  ],
  marks: [],
  arms: ['ticket', 'reinit'],
  replicates: [0, 1],
};

test('one network: the nearest measured step, value by value', () => {
  const said = saidAt(t, simple, simple.curves, ['loss', 'accuracy'], 33);
  expect(said?.x).toBe(40);
  expect(said?.tip[0]).toBe('step 40');
  expect(said?.tip.slice(1).join(' ')).toMatch(/loss.*0\.2500.*accuracy.*90\.00/);
  // Steps that say nothing of what is asked for are passed over.
  expect(saidAt(t, simple, simple.curves, ['accuracy'], 20)?.x).toBe(40);
  expect(saidAt(t, simple, [], ['loss'], 20)).toBeUndefined();
});
test('arms and replicates: the mean of each arm speaks', () => {
  const main = mainOf(arms);
  expect(main.map((c) => c.replicate)).toEqual([undefined, undefined]);
  const said = saidAt(t, arms, main, ['loss', 'accuracy'], 4);
  expect(said?.tip).toHaveLength(3);
  expect(said?.tip[1]).toMatch(/^ticket · mean of 2: loss 1\.0000, accuracy 50\.00/);
  expect(said?.values).toHaveLength(4);
});
test('the summary gives the newest step and values', () => {
  expect(summaryOf(t, simple)).toMatch(/step 40\. .*0\.2500\. .*90\.00/);
});
test('looks: arms by colour, loss by dashes; one training of many is picked out', () => {
  const [first] = arms.curves;
  expect(crowded(arms)).toBe(true);
  expect(crowded(simple)).toBe(false);
  const loss = lookOf(arms, first, 'loss', true, undefined);
  const control = lookOf(arms, arms.curves[3], 'loss', true, undefined);
  expect(loss.color).not.toBe(control.color);
  expect(loss.dash).toBeDefined();
  expect(lookOf(arms, first, 'accuracy', true, undefined).dash).toBeUndefined();
  expect(lookOf(arms, first, 'loss', true, 2).opacity).toBeLessThan(loss.opacity);
  expect(lookOf(arms, first, 'loss', true, 0).opacity).toBe(loss.opacity);
});
test('the table holds every point of every curve, with arm and replicate where there are several', () => {
  const table = curvesTable(t, arms);
  expect(table.columns.map((c) => c.key)).toEqual([
    'arm',
    'replicate',
    'training',
    'step',
    'train_loss_nats',
    'val_accuracy',
  ]);
  expect(table.rows).toHaveLength(6);
  expect(table.rows.map((r) => r.replicate)).toEqual([1, 2, 'mean', 1, 2, 'mean']);
  expect(curvesTable(t, simple).columns.map((c) => c.key)).toEqual([
    'training',
    'step',
    'train_loss_nats',
    'val_accuracy',
  ]);
});
