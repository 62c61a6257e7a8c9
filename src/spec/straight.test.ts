import { describe, expect, it } from 'vitest';
import { lineage } from '../engine/lineage';
import { straightTo } from './straight';
import type { Experiment, Step } from './types';

const train: Step = { do: 'train', with: { steps: 20 } };
const prune: Step = { do: 'prune', with: { sparsity: 0.2 } };
const arm = (start: string): Step[] => [{ do: start }, train];
const experimentOf = (recipe: Step[]): Experiment => ({
  v: 1,
  data: 'mnist',
  model: 'lenet-300-100',
  recipe,
  seeds: { init: 1, order: 1, method: 1 },
  replicates: 2,
});
const tickets = experimentOf([
  train,
  { do: 'quantize', off: true },
  { repeat: 3, steps: [prune, { fork: { ticket: arm('rewind'), reinit: arm('reinit') } }] },
  { fork: { a: [{ repeat: 2, steps: arm('rewind') }], b: [train] } },
]);
const oneShot = experimentOf([
  train,
  { repeat: 3, steps: [prune, { fork: { base: [], 'one-shot': arm('rewind') } }] },
]);

describe('straightTo', () => {
  it.each([
    ['tickets', tickets],
    ['one-shot', oneShot],
  ])('%s: leads to every place with the keys it has there', (_, experiment) => {
    const tasks = lineage(experiment, 1);
    const byKey = new Map(tasks.map((task) => [task.key, task]));
    for (const task of tasks) {
      const straight = straightTo(experiment, task.at)!;
      const way = lineage(straight, 1);
      expect([task.at, way.at(-1)?.key]).toEqual([task.at, task.key]);
      expect(way.every(({ key, trunk }) => byKey.has(key) && trunk)).toBe(true);
    }
  });
  it('keeps rounds together and leaves out arms that are not on the way', () => {
    const to = (round: number, name: string) =>
      straightTo(tickets, `recipe.2[${round}].steps.1.fork.${name}.1`)?.recipe;
    expect(to(1, 'ticket')).toEqual([train, prune, ...arm('rewind')]);
    expect(to(3, 'ticket')).toEqual([train, { repeat: 3, steps: [prune, ...arm('rewind')] }]);
    expect(to(3, 'reinit')).toEqual([
      train,
      { repeat: 2, steps: [prune, ...arm('rewind')] },
      prune,
      ...arm('reinit'),
    ]);
    expect(straightTo(oneShot, 'recipe.1[3].steps.1.fork.one-shot.1')?.recipe).toEqual([
      train,
      { repeat: 2, steps: [prune] },
      prune,
      ...arm('rewind'),
    ]);
  });
  it('knows the end of a round', () => {
    expect(straightTo(tickets, 'recipe.2[2]')?.recipe.at(-1)).toEqual({
      repeat: 2,
      steps: [prune, ...arm('rewind')],
    });
  });
  it('has nothing for places that are not there', () => {
    for (const at of [
      'recipe.9',
      'recipe.1',
      'recipe.2[4].steps.0',
      'recipe.2[1].steps.1.fork.none.0',
      'recipe.0.x',
    ])
      expect([at, straightTo(tickets, at)]).toEqual([at, undefined]);
  });
});
