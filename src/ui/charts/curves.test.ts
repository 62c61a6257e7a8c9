import { expect, test } from 'vitest';
import type { Row } from '../../spec/types';
import { curvesOf } from './curves';
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
  expect(curves.points.map((p) => p.x)).toEqual([10, 20, 30, 40, 50]);
  expect(curves.points[3]).toEqual({ x: 40, part: 1, loss: 0.1, accuracy: 0.9 });
  expect(curves.marks).toEqual([{ x: 30, at: ['recipe.1'] }]);
});
test('control arms and other replicates stay out', () => {
  const experiment = experimentOf([
    { do: 'train' },
    {
      repeat: 2,
      steps: [{ do: 'prune' }, { fork: { ticket: [{ do: 'train' }], reinit: [{ do: 'train' }] } }],
    },
  ]);
  const rows = [1, 2].flatMap((round) =>
    ['ticket', 'reinit'].flatMap((arm) =>
      training(`recipe.1[${round}].steps.1.fork.${arm}.0`, [5, 10], { arm }),
    ),
  );
  const curves = curvesOf(
    [...training('recipe.0', [5, 10]), ...rows, ...training('recipe.0', [5, 10], { replicate: 1 })],
    experiment,
  );
  expect(curves.points.map((p) => p.x)).toEqual([5, 10, 15, 20, 25, 30]);
  expect(curves.replicate).toBe(0);
});
test('long curves are thinned, each by itself', () => {
  const rows = Array.from({ length: 2000 }, (_, i) => row('recipe.0', i + 1, 'train.loss', Math.sin(i)));
  const { points } = curvesOf(
    [...rows, row('recipe.0', 7, 'val.accuracy', 0.5)],
    experimentOf([{ do: 'train' }]),
    400,
  );
  expect(points.filter((p) => p.loss !== undefined).length).toBe(400);
  expect(points.filter((p) => p.accuracy !== undefined)).toHaveLength(1);
});
test('the end of one training and the start of the next are two points', () => {
  const experiment = experimentOf([{ do: 'train' }, { do: 'train' }]);
  const rows = [
    row('recipe.0', 10, 'val.accuracy', 0.9),
    row('recipe.1', 0, 'val.accuracy', 0.5),
    row('recipe.1', 10, 'val.accuracy', 0.8),
  ];
  expect(curvesOf(rows, experiment).points).toEqual([
    { x: 10, part: 0, accuracy: 0.9 },
    { x: 10, part: 1, accuracy: 0.5 },
    { x: 20, part: 1, accuracy: 0.8 },
  ]);
});
test('nothing measured, nothing drawn', () => {
  expect(curvesOf([], experimentOf([]))).toEqual({ points: [], parts: 0, marks: [], replicate: 0 });
});
