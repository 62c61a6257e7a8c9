import { describe, expect, it } from 'vitest';
import { presetOf } from '../catalog';
import type { Experiment, Step } from '../spec/types';
import { lineage, rootKey } from './lineage';

const experiment = (recipe: Step[], more: Partial<Experiment> = {}): Experiment => ({
  v: 1,
  data: 'mnist',
  model: 'lenet-300-100',
  recipe,
  seeds: { init: 1, order: 1, method: 1 },
  replicates: 1,
  ...more,
});
const train = (steps: number): Step => ({ do: 'train', with: { steps } });
const prune = (sparsity: number): Step => ({ do: 'prune', with: { sparsity } });
const keys = (e: Experiment) => lineage(e).map((t) => t.key);

describe('lineage', () => {
  it('gives equal keys up to the first change and other keys behind it', () => {
    const a = keys(experiment([train(10), prune(0.5), train(5)]));
    const b = keys(experiment([train(10), prune(0.6), train(5)]));
    expect(b[0]).toBe(a[0]);
    expect(b[1]).not.toBe(a[1]);
    expect(b[2]).not.toBe(a[2]);
  });

  it('leaves cards that are off out, and takes a spelled-out default for the default', () => {
    const plain = keys(experiment([train(10)]));
    expect(keys(experiment([{ ...prune(0.5), off: true }, train(10)]))).toEqual(plain);
    expect(keys(experiment([{ do: 'train', with: { steps: 10, lr: 1.2e-3 } }]))).toEqual(plain);
  });

  it('measures the card before a fork where an arm is empty: it is the end of that arm', () => {
    const off: Step = { ...train(5), off: true };
    const measuredAt = (...steps: Step[]) =>
      lineage(experiment([{ repeat: 1, steps }]))
        .filter((t) => t.measured && t.method.live)
        .map((t) => t.at);
    const fork = (masked: Step[]): Step => ({ fork: { masked, other: [train(5)] } });
    expect(measuredAt(prune(0.5), fork([]))).toEqual(['recipe.0[1].steps.0']);
    expect(measuredAt(prune(0.5), fork([off]))).toEqual(['recipe.0[1].steps.0']);
    expect(measuredAt(prune(0.5), fork([train(1)]))).toEqual([]);
  });

  it('separates seeds, models and replicates from the root on', () => {
    const base = experiment([train(10)]);
    const other = { ...base, seeds: { ...base.seeds, order: 2 } };
    expect(rootKey(base, 0)).not.toBe(rootKey(other, 0));
    expect(rootKey(base, 0)).not.toBe(rootKey(base, 1));
    expect(rootKey(base, 0)).not.toBe(rootKey({ ...base, model: 'lenet-5' }, 0));
  });

  it('unrolls rounds, starts every arm from the fork and goes on from the first', () => {
    const tasks = lineage(
      experiment([
        train(1),
        {
          repeat: 2,
          steps: [prune(0.2), { fork: { ticket: [{ do: 'rewind' }, train(2)], reinit: [train(3)] } }],
        },
        prune(0.9),
      ]),
    );
    expect(tasks.map((t) => `${t.at} ${t.arm ?? '-'} ${t.trunk}`)).toEqual([
      'recipe.0 - true',
      'recipe.1[1].steps.0 - true',
      'recipe.1[1].steps.1.fork.ticket.0 ticket true',
      'recipe.1[1].steps.1.fork.ticket.1 ticket true',
      'recipe.1[1].steps.1.fork.reinit.0 reinit false',
      'recipe.1[2].steps.0 - true',
      'recipe.1[2].steps.1.fork.ticket.0 ticket true',
      'recipe.1[2].steps.1.fork.ticket.1 ticket true',
      'recipe.1[2].steps.1.fork.reinit.0 reinit false',
      'recipe.2 - true',
    ]);
    expect(tasks[4].parent).toBe(tasks[1].key);
    expect(tasks[5].parent).toBe(tasks[3].key);
    expect(tasks[9].parent).toBe(tasks[7].key);
  });

  it('plots ends of trainings and of lists, not the steps between them', () => {
    const tasks = lineage(presetOf('lottery-minute')!.experiment);
    const measured = tasks.filter((t) => t.measured);
    expect(measured.length).toBeGreaterThan(4);
    expect(new Set(measured.map((t) => t.method.id))).toEqual(new Set(['train']));
  });
});
