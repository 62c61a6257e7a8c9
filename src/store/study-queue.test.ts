import { afterEach, describe, expect, it, vi } from 'vitest';
import { defaultStudy } from '../studies';
import { moved, recallPlans, rememberPlans } from './study-queue';
import { rowBox, rowBoxes } from './study-rows';

const kept = new Map<string, string>();
vi.stubGlobal('localStorage', {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => kept.set(key, value),
});
afterEach(() => kept.clear());

const study = (rounds: number) => ({ ...defaultStudy(), with: { rounds } });

describe('plans', () => {
  it('come back as they were', () => {
    const plans = { queue: [study(3), study(4)], running: study(5), shown: study(6) };
    rememberPlans(plans);
    expect(recallPlans()).toEqual(plans);
    rememberPlans({ queue: [] });
    expect(recallPlans()).toEqual({ queue: [] });
  });

  it('what cannot be read any more is left out, and nothing throws', () => {
    expect(recallPlans()).toEqual({ queue: [] });
    kept.set('winnow.studies', '{"queue":["rounds=4","kind=roulette"],"running":"rounds=99"}');
    expect(recallPlans()).toEqual({ queue: [study(4)] });
    for (const text of ['{', 'null', '{"queue":7}']) {
      kept.set('winnow.studies', text);
      expect(recallPlans()).toEqual({ queue: [] });
    }
  });

  it('move by one place within the list', () => {
    expect(moved(['a', 'b', 'c'], 1, -1)).toEqual(['b', 'a', 'c']);
    expect(moved(['a', 'b', 'c'], 1, 1)).toEqual(['a', 'c', 'b']);
    for (const [index, by] of [[0, -1] as const, [2, 1] as const, [7, -1] as const])
      expect(moved(['a', 'b', 'c'], index, by)).toEqual(['a', 'b', 'c']);
  });
});

describe('rows of a study', () => {
  const row = (step: number, value: number, layer?: string) => ({
    ...{ exp: 'e', replicate: 0, at: 'recipe.0', step, metric: 'density' as const, value, layer },
    ...{ unit: 'fraction' as const, basis: 'computed' as const, device: 'd' },
  });
  it('told twice are there once, with the newest word', () => {
    const box = rowBox();
    box.add([row(1, 0.1, 'fc1'), row(1, 0.2, 'fc2')]);
    const before = box.list();
    expect(box.list()).toBe(before);
    box.add([row(1, 0.3, 'fc1')]);
    expect(box.list().map((r) => r.value)).toEqual([0.3, 0.2]);
    expect(before).toHaveLength(2);
  });

  it('of the studies looked at last are kept', () => {
    const of = rowBoxes(2);
    of('a').add([row(1, 1)]);
    of('b');
    expect(of('a').list()).toHaveLength(1);
    of('c');
    expect(of('a').list()).toHaveLength(1);
    of('d');
    of('e');
    expect(of('a').list()).toEqual([]);
  });
});
