import { describe, expect, it } from 'vitest';
import { weightLayers } from '../../models/build';
import type { Step } from '../../spec/types';
import { experimentOf } from '../charts/fixtures';
import { archBefore, namesFor } from './cards';

const thin: Step = { do: 'factorize', with: { rank: 20, layers: ['fc1'] } };
const train: Step = { do: 'train', with: { steps: 10 } };
const prune: Step = { do: 'prune' };
const names = (recipe: Step[], at: string) => namesFor('prune', archBefore(experimentOf(recipe), at));

describe('layers at a card', () => {
  it('are the model’s, and behind a factorization its halves', () => {
    expect(names([train, thin, prune], 'recipe.1')).toEqual(['fc1', 'fc2', 'out']);
    expect(names([train, thin, prune], 'recipe.2')).toEqual(['fc1.u', 'fc1.v', 'fc2', 'out']);
    expect(names([train, { ...thin, off: true }, prune], 'recipe.2')).toEqual(['fc1', 'fc2', 'out']);
    const arch = archBefore(experimentOf([train, thin, prune]), 'recipe.2');
    expect(arch && weightLayers(arch)[0]).toMatchObject({ in: 784, out: 20 });
  });
  it('go through repeats and the arm that the trunk takes', () => {
    const inside: Step = { repeat: 2, steps: [thin, prune] };
    expect(names([train, inside], 'recipe.1.steps.1')).toEqual(['fc1.u', 'fc1.v', 'fc2', 'out']);
    expect(names([train, inside, prune], 'recipe.2')[0]).toBe('fc1.u');
    const fork: Step = { fork: { ticket: [prune], reinit: [thin, prune] } };
    expect(names([train, fork, prune], 'recipe.2')[0]).toBe('fc1');
    expect(names([train, fork, prune], 'recipe.1.fork.reinit.1')[0]).toBe('fc1.u');
  });
  it('a card names what it can act on', () => {
    const arch = archBefore(experimentOf([thin]), 'recipe.1');
    expect(namesFor('prune-units', arch)).toEqual(['fc1.u', 'fc1.v', 'fc2']);
    expect(namesFor('prune', undefined)).toEqual([]);
  });
});
