import { describe, expect, it } from 'vitest';
import { kernelName, weightLayers } from '../models/build';
import type { Masks } from '../models/types';
import type { ParamTable } from '../spec/params';
import { randomTensors, smallArch } from './fixtures';
import { gradual, gradualMasks, pruningSteps, sparsityAt } from './gradual';
import type { PruningSchedule } from './regime';
import { methods } from './registry';
import { trainingOf, trainParams } from './train';

const schedule: PruningSchedule = {
  ...{ from: 0.2, to: 0.9, begin: 10, end: 110, every: 20 },
  ...({ scope: 'layer', outputHalf: false, layers: [] } as const),
};
const gone = (mask: Uint8Array | undefined) => mask?.reduce((n, m) => n + 1 - m, 0) ?? 0;
const count = (masks: Masks) => Object.values(masks).reduce((n, m) => n + gone(m), 0);
const defaults = Object.fromEntries(Object.entries(gradual.params).map(([k, p]) => [k, p.default]));

describe('the schedule', () => {
  it('prunes first at its begin and last at its end, about `every` steps apart', () => {
    expect(pruningSteps(schedule)).toEqual([10, 30, 50, 70, 90, 110]);
    expect(pruningSteps({ ...schedule, every: 30 })).toEqual([10, 43, 77, 110]);
    expect(pruningSteps({ ...schedule, every: 1000 })).toEqual([10, 110]);
    expect(pruningSteps({ ...schedule, begin: 110 })).toEqual([110]);
  });
  it('is the cubic of the formula: ends exact, seven eighths of the way at half time', () => {
    expect(sparsityAt(schedule, 10)).toBeCloseTo(0.2, 12);
    expect(sparsityAt(schedule, 60)).toBeCloseTo(0.2 + 0.7 * (7 / 8), 12);
    expect(sparsityAt(schedule, 110)).toBe(0.9);
    expect(sparsityAt(schedule, 5000)).toBe(0.9);
    for (let t = 11; t <= 110; t++)
      expect(sparsityAt(schedule, t)).toBeGreaterThan(sparsityAt(schedule, t - 1));
  });
  it('ends before the last step whatever the shares say', () => {
    for (const [steps, begin, end] of [
      [1000, 0.1, 0.7],
      [2, 0.9, 0.95],
      [100, 0.9, 0.05],
      [1, 0, 0.5],
    ]) {
      const { schedule: made } = trainingOf(gradual, { ...defaults, steps, begin, end } as never).regime;
      expect(made!.end).toBeLessThan(steps);
      expect(made!.begin).toBeLessThanOrEqual(made!.end);
    }
  });
});

describe.each(['layer', 'global'] as const)('masks, %s', (scope) => {
  const layers = weightLayers(smallArch);
  const total = layers.reduce((n, l) => n + randomTensors(smallArch, 1)[kernelName(l)].length, 0);
  it('have exactly the sparsity of every step, only ever shrink, and keep the largest', () => {
    let masks: Masks = {};
    for (const step of pruningSteps(schedule)) {
      // Weights go on moving between prunings.
      const tensors = randomTensors(smallArch, step);
      const next = gradualMasks(smallArch, tensors, masks, { ...schedule, scope }, step);
      const s = sparsityAt(schedule, step);
      if (scope === 'global') expect(count(next)).toBe(Math.round(s * total));
      for (const layer of layers) {
        const name = kernelName(layer);
        if (scope === 'layer') expect(gone(next[name])).toBe(Math.round(s * tensors[name].length));
        masks[name]?.forEach((m, i) => {
          if (m === 0) expect(next[name][i]).toBe(0);
        });
        const was = (i: number) => masks[name]?.[i] !== 0;
        const sizes = tensors[name].map(Math.abs);
        const fresh = [...sizes].filter((_, i) => was(i) && next[name][i] === 0);
        const kept = [...sizes].filter((_, i) => next[name][i] === 1);
        expect(Math.max(0, ...fresh)).toBeLessThanOrEqual(Math.min(...kept));
      }
      masks = next;
    }
  });
  it('again at the same step: nothing more goes', () => {
    const tensors = randomTensors(smallArch, 1);
    const once = gradualMasks(smallArch, tensors, {}, { ...schedule, scope }, 50);
    expect(gradualMasks(smallArch, tensors, once, { ...schedule, scope }, 50)).toEqual(once);
  });
  it('the output layer at half rate, other layers alone', () => {
    const tensors = randomTensors(smallArch, 1);
    const half = gradualMasks(smallArch, tensors, {}, { ...schedule, scope, outputHalf: true }, 110);
    expect(gone(half['out/kernel'])).toBe(Math.round(0.45 * 60));
    const one = gradualMasks(smallArch, tensors, {}, { ...schedule, scope, layers: ['fc1'] }, 110);
    expect(Object.keys(one)).toEqual(['fc1/kernel']);
    expect(gone(one['fc1/kernel'])).toBe(Math.round(0.9 * tensors['fc1/kernel'].length));
  });
});

/** What means nothing where weights are not trained. */
const LEFT_OUT: Record<string, string[]> = { supermask: ['optimizer', 'lr', 'nesterov'] };
it('every method that trains has all parameters of train, of the same kind and range', () => {
  const trainings = methods.filter((m) => !m.live);
  expect(trainings.length).toBeGreaterThan(3);
  const plain = (param?: object) => ({ ...param, default: 0, when: 0, advanced: 0 });
  for (const method of trainings) {
    for (const [name, param] of Object.entries(trainParams as ParamTable)) {
      const left = LEFT_OUT[method.id]?.includes(name);
      if (left) expect(Object.keys(method.params)).not.toContain(name);
      else expect(plain(method.params[name]), `${method.id} ${name}`).toEqual(plain(param));
    }
  }
});
