import { describe, expect, it } from 'vitest';
import { presetOf } from '../catalog';
import { replaceCard } from '../spec/path';
import { currentSweep, lineKey } from './sweep';

const { experiment } = presetOf('lenet-mnist')!;
const at = 'recipe.2';
const sweep = { at, param: 'sparsity', points: [], done: true, line: lineKey(experiment, at, 'sparsity') };
const prune = (values: object) =>
  replaceCard(experiment, at, { do: 'prune', with: { scope: 'global', ...values } });

describe('currentSweep', () => {
  it('stays while only the swept value changes, and goes with anything else', () => {
    expect(currentSweep({ experiment, sweep })).toBe(sweep);
    expect(currentSweep({ experiment: prune({ sparsity: 0.3 }), sweep })).toBe(sweep);
    expect(currentSweep({ experiment: prune({ scope: 'layer' }), sweep })).toBeUndefined();
    expect(currentSweep({ experiment: { ...experiment, model: 'lenet-5' }, sweep })).toBeUndefined();
    const shorter = replaceCard(experiment, 'recipe.0', { do: 'train', with: { steps: 10 } });
    expect(currentSweep({ experiment: shorter, sweep })).toBeUndefined();
  });
});
