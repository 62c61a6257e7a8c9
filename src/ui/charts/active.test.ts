import { expect, test } from 'vitest';
import { activeOf } from './active';
import { experimentOf } from './fixtures';
import { structureOf } from './structure';

const experiment = experimentOf([
  { do: 'train' },
  { do: 'prune', with: { sparsity: 0.5 } },
  { do: 'quantize', off: true },
]);

test('the card with a slider, and where it stands', () => {
  expect(activeOf(experiment, 'recipe.1')).toEqual({ at: 'recipe.1', param: 'sparsity', value: 0.5 });
  expect(activeOf(experimentOf([{ do: 'quantize' }]), 'recipe.0')).toMatchObject({ param: 'bits' });
});
test('none for cards without a slider, that are off, or that are not there', () => {
  for (const at of ['recipe.0', 'recipe.2', 'recipe.7', '']) expect(activeOf(experiment, at)).toBeUndefined();
});
test('structure ignores parameters and sees everything else', () => {
  const base = structureOf(experiment);
  const [train, prune, quantize] = experiment.recipe;
  expect(structureOf(experimentOf([train, { do: 'prune', with: { sparsity: 0.9 } }, quantize]))).toBe(base);
  expect(structureOf(experimentOf([train, prune, { do: 'quantize' }]))).not.toBe(base);
  expect(structureOf(experimentOf([prune, train, quantize]))).not.toBe(base);
  expect(structureOf({ ...experiment, replicates: 2 })).not.toBe(base);
  const fork = (arm: string) => structureOf(experimentOf([{ fork: { [arm]: [], other: [] } }]));
  expect(fork('a')).not.toBe(fork('b'));
});
