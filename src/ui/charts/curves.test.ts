import { expect, test } from 'vitest';
import type { Row } from '../../spec/types';
import { type Curves, curvesOf } from './curves';
import { experimentOf, row } from './fixtures';
import { inOrder } from './order';

const training = (at: string, steps: number[], more: Partial<Row> = {}) =>
  steps.flatMap((s) => [row(at, s, 'train.loss', 1 / s, more), row(at, s, 'val.accuracy', 1 - 1 / s, more)]);

test('places are ordered as executed: rounds before positions, the end of a round last', () => {
  const places = [
    'recipe.2',
    'recipe.1[2].steps.0',
    'recipe.1[10].steps.0',
    'recipe.1[2]',
    'recipe.0',
    'recipe.1[2].steps.1.fork.a.0',
  ];
  expect([...places].sort(inOrder)).toEqual([
    'recipe.0',
    'recipe.1[2].steps.0',
    'recipe.1[2].steps.1.fork.a.0',
    'recipe.1[2]',
    'recipe.1[10].steps.0',
    'recipe.2',
  ]);
});
/** Of the only replicate, all trainings one after another. */
const pointsOf = ({ curves }: Curves) => curves.flatMap((c) => c.points.map((p) => ({ part: c.part, ...p })));

test('steps add up over trainings, with a mark where the network was compressed', () => {
  const experiment = experimentOf([{ do: 'train' }, { do: 'prune' }, { do: 'train' }]);
  const rows = [
    ...training('recipe.2', [10, 20]),
    row('recipe.1', 0, 'sparsity', 0.9),
    ...training('recipe.0', [10, 20, 30]),
    row('recipe.0', 30, 'test.accuracy', 0.9),
    row('recipe.1?sparsity=0.5', 0, 'test.accuracy', 0.9),
  ];
  const curves = curvesOf(rows, experiment);
  expect(pointsOf(curves).map((p) => p.x)).toEqual([10, 20, 30, 40, 50]);
  expect(pointsOf(curves)[3]).toEqual({ x: 40, part: 1, loss: 0.1, accuracy: 0.9 });
  expect(curves.marks).toEqual([{ x: 30, at: ['recipe.1'] }]);
  expect(curves.parts).toEqual([
    { from: 0, to: 30 },
    { from: 30, to: 50 },
  ]);
  expect(curves.arms).toEqual([]);
});

test('a training that begins at a later step follows the one before all the same', () => {
  const late = experimentOf([{ do: 'train' }, { do: 'train', with: { from: 500 } }]);
  const rows = [...training('recipe.0', [10, 20]), ...training('recipe.1', [500, 510, 520])];
  const curves = curvesOf(rows, late);
  expect(curves.parts).toEqual([
    { from: 0, to: 20 },
    { from: 20, to: 40 },
  ]);
  expect(pointsOf(curves).map((p) => p.x)).toEqual([10, 20, 20, 30, 40]);
});

const lottery = (replicates = 1) =>
  experimentOf(
    [
      { do: 'train' },
      {
        repeat: 2,
        steps: [
          { do: 'prune' },
          {
            fork: {
              ticket: [{ do: 'rewind' }, { do: 'train' }],
              reinit: [{ do: 'reinit' }, { do: 'train' }],
            },
          },
        ],
      },
    ],
    replicates,
  );
const lotteryRows = (more: Partial<Row> = {}) => [
  ...training('recipe.0', [5, 10], more),
  ...[1, 2].flatMap((round) => [
    row(`recipe.1[${round}].steps.0`, 0, 'sparsity', 0.2 * round, more),
    ...[['ticket', 10] as const, ['reinit', round === 1 ? 10 : 15] as const].flatMap(([arm, last]) => [
      row(`recipe.1[${round}].steps.1.fork.${arm}.0`, 0, 'sparsity', 0.2 * round, { ...more, arm }),
      ...training(`recipe.1[${round}].steps.1.fork.${arm}.1`, [5, last], { ...more, arm }),
    ]),
  ]),
];
test('control arms lie side by side with the ticket, round by round', () => {
  const curves = curvesOf(lotteryRows(), lottery());
  expect(curves.arms).toEqual(['ticket', 'reinit']);
  const at = curves.curves.map((c) => [c.part, c.arm, c.points.map((p) => p.x)]);
  expect(at).toEqual([
    [0, undefined, [5, 10]],
    [1, 'ticket', [15, 20]],
    [1, 'reinit', [15, 20]],
    [2, 'ticket', [25, 30]],
    [2, 'reinit', [25, 35]],
  ]);
  expect(curves.marks).toEqual([
    { x: 10, at: ['recipe.1[1].steps.0', 'recipe.1[1].steps.1.fork.ticket.0'] },
    { x: 20, at: ['recipe.1[2].steps.0', 'recipe.1[2].steps.1.fork.ticket.0'] },
  ]);
});
test('all replicates are drawn, and their mean where every one of them has been measured', () => {
  const rows = [
    row('recipe.0', 10, 'val.accuracy', 0.8),
    row('recipe.0', 20, 'val.accuracy', 0.9),
    row('recipe.0', 10, 'val.accuracy', 0.6, { replicate: 1 }),
  ];
  const one = experimentOf([{ do: 'train' }], 2);
  const curves = curvesOf(rows, one);
  expect(curves.replicates).toEqual([0, 1]);
  expect(curves.curves.map((c) => c.replicate)).toEqual([0, 1, undefined]);
  expect(curves.curves[2].points).toEqual([{ x: 10, accuracy: expect.closeTo(0.7, 10) }]);
  // A third one is still to come: no mean of two that would change its meaning later.
  const three = curvesOf(rows, { ...one, replicates: 3 });
  expect(three.curves.map((c) => c.replicate)).toEqual([0, 1]);
});
test('six rounds, two arms, three replicates: as many curves as there are, and no more points than asked for', () => {
  const steps = Array.from({ length: 300 }, (_, i) => i + 1);
  const rows = [0, 1, 2].flatMap((replicate) => [
    ...training('recipe.0', steps, { replicate }),
    ...[1, 2, 3, 4, 5, 6].flatMap((round) =>
      ['ticket', 'reinit'].flatMap((arm) =>
        training(`recipe.1[${round}].steps.1.fork.${arm}.1`, steps, { arm, replicate }),
      ),
    ),
  ]);
  const { curves, parts } = curvesOf(rows, lottery(3), 400);
  expect(parts).toHaveLength(7);
  expect(curves).toHaveLength(13 * 4);
  const line = curves.filter((c) => c.replicate === 1 && c.arm !== 'reinit');
  const losses = line.flatMap((c) => c.points.filter((p) => p.loss !== undefined));
  expect(losses.length).toBeLessThanOrEqual(400 + 7);
  expect(losses.length).toBeGreaterThan(300);
});
test('a placing does not hang on the order of rows', () => {
  const rows = lotteryRows();
  const inLine = ({ parts, marks }: Curves) => ({ parts, marks });
  expect(inLine(curvesOf([...rows].reverse(), lottery()))).toEqual(inLine(curvesOf(rows, lottery())));
});
test('long curves are thinned, each by itself', () => {
  const rows = Array.from({ length: 2000 }, (_, i) => row('recipe.0', i + 1, 'train.loss', Math.sin(i)));
  const points = pointsOf(
    curvesOf([...rows, row('recipe.0', 7, 'val.accuracy', 0.5)], experimentOf([{ do: 'train' }]), 400),
  );
  const losses = points.flatMap((p) => (p.loss === undefined ? [] : [p.loss]));
  expect(losses.length).toBeLessThanOrEqual(400);
  expect(losses.length).toBeGreaterThan(390);
  expect(losses).toEqual(
    expect.arrayContaining([Math.min(...rows.map((r) => r.value)), Math.max(...rows.map((r) => r.value))]),
  );
  expect(points.filter((p) => p.accuracy !== undefined)).toHaveLength(1);
});
test('the end of one training and the start of the next are two points', () => {
  const experiment = experimentOf([{ do: 'train' }, { do: 'train' }]);
  const rows = [
    row('recipe.0', 10, 'val.accuracy', 0.9),
    row('recipe.1', 0, 'val.accuracy', 0.5),
    row('recipe.1', 10, 'val.accuracy', 0.8),
  ];
  expect(pointsOf(curvesOf(rows, experiment))).toEqual([
    { x: 10, part: 0, accuracy: 0.9 },
    { x: 10, part: 1, accuracy: 0.5 },
    { x: 20, part: 1, accuracy: 0.8 },
  ]);
});
test('a training that has only been looked at is no mark', () => {
  const experiment = experimentOf([{ do: 'train' }, { do: 'prune' }, { do: 'train' }]);
  const rows = [
    ...training('recipe.0', [10]),
    row('recipe.1', 0, 'sparsity', 0.5),
    row('recipe.2', 0, 'val.accuracy', 0.4),
  ];
  expect(curvesOf(rows, experiment).marks).toEqual([{ x: 10, at: ['recipe.1'] }]);
});
test('nothing measured, nothing drawn', () => {
  expect(curvesOf([], experimentOf([]))).toEqual({
    curves: [],
    parts: [],
    marks: [],
    arms: [],
    replicates: [],
  });
});
