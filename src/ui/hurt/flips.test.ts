import { describe, expect, it } from 'vitest';
import { NO_ANSWER } from '../../datasets/answer';
import type { ClassChange, Comparison } from '../../worker/api-compare';
import { toCsv } from '../charts/csv';
import {
  byChange,
  cellAt,
  countKinds,
  extremes,
  flipAt,
  hurt,
  kindOf,
  passing,
  unanswered,
  worse,
} from './flips';
import { classTable, flipTable, mapTable } from './tables';
import type { Say } from './words';

const flips = {
  image: Uint32Array.of(9, 4, 7, 1, 2),
  truth: Uint8Array.of(0, 1, 1, 2, 0),
  a: Uint8Array.of(0, 2, 0, 2, NO_ANSWER),
  b: Uint8Array.of(1, 1, 2, 1, 0),
  sureA: Float32Array.of(0.9, 0.8, 0.75, 0.5, Number.NaN),
  sureB: Float32Array.of(0.5, 0.5, 0.5, 0.5, 0.5),
  truthA: Float32Array.of(0.9, 0.1, 0.1, 0.5, Number.NaN),
  truthB: Float32Array.of(0.25, 0.5, 0.25, 0.25, 0.5),
};
const change = (images: number, a: number, b: number, adjusted = 1): ClassChange => ({
  images,
  correctA: a,
  correctB: b,
  lost: Math.max(0, a - b),
  gained: Math.max(0, b - a),
  p: adjusted,
  adjusted,
});
const comparison: Comparison = {
  images: 210,
  classes: 3,
  confusionA: Uint32Array.of(90, 5, 5, 0, 100, 0, 0, 4, 6),
  confusionB: Uint32Array.of(70, 20, 10, 0, 100, 0, 0, 1, 9),
  perClass: [change(100, 90, 70, 0.001), change(100, 100, 100), change(10, 6, 9, 0.4)],
  all: change(210, 196, 179, 0.01),
  flips,
};
const say = ((key: string) => key) as unknown as Say;
const name = (i: number) => (i === NO_ANSWER ? '–' : `c${i}`);

describe('flips', () => {
  it('three kinds; no answer is a wrong one', () => {
    expect(kindOf(1, 1, 2)).toBe('lost');
    expect(kindOf(1, 0, 1)).toBe('gained');
    expect(kindOf(1, 0, 2)).toBe('other');
    expect(kindOf(1, NO_ANSWER, 1)).toBe('gained');
  });
  it('filters keep the order; counts of kinds ignore the kind that is chosen', () => {
    expect(passing(flips, {})).toEqual([0, 1, 2, 3, 4]);
    expect(passing(flips, { kind: 'gained' })).toEqual([1, 4]);
    expect(passing(flips, { truth: 0 })).toEqual([0, 4]);
    expect(passing(flips, { truth: 0, answer: 0 })).toEqual([4]);
    expect(passing(flips, { truth: 3 })).toEqual([]);
    expect(countKinds(flips, {})).toEqual({ lost: 2, gained: 2, other: 1 });
    expect(countKinds(flips, { kind: 'lost', truth: 1 })).toEqual({ lost: 0, gained: 1, other: 1 });
    expect(flipAt(flips, 2)).toMatchObject({ image: 7, truth: 1, a: 0, b: 2, kind: 'other' });
    expect(unanswered(comparison)).toBe(1);
  });
});

describe('classes and cells', () => {
  it('most hurt first; only what is beyond chance is called hurt', () => {
    expect(byChange(comparison)).toEqual([0, 1, 2]);
    expect(hurt(comparison, 3)).toEqual([0]);
    expect(hurt({ perClass: [change(10, 9, 8, 0.4)] }, 3)).toEqual([]);
  });
  it('right answers and mistakes have scales of their own, and worse means worse', () => {
    expect(extremes(comparison)).toEqual({ right: 20, wrong: 15 });
    expect(worse(cellAt(comparison, 0, 0))).toBe(true);
    expect(worse(cellAt(comparison, 0, 1))).toBe(true);
    expect(worse(cellAt(comparison, 2, 1))).toBe(false);
    expect(worse(cellAt(comparison, 2, 2))).toBe(false);
  });
});

describe('tables', () => {
  it('classes and their sum', () => {
    const lines = toCsv(classTable(say, comparison, name))
      .trim()
      .split('\r\n');
    expect(lines).toHaveLength(5);
    expect(lines[0]).toBe(
      'class,test_images,correct_old,correct_new,accuracy_old,accuracy_new,change,right_to_wrong,wrong_to_right,mcnemar_p,holm_p',
    );
    expect(lines[1]).toBe('c0,100,90,70,0.9,0.7,-0.2,20,0,0.001,0.001');
    expect(lines[4].startsWith('table.all,210,196,179,')).toBe(true);
  });
  it('pairs that occur, with their change', () => {
    const { rows } = mapTable(say, comparison, name);
    expect(rows).toHaveLength(6);
    expect(rows[1]).toEqual({ is: 'c0', answer: 'c1', count_old: 5, count_new: 20, change: 15 });
  });
  it('images as filtered; a missing probability is an empty cell', () => {
    expect(flipTable(say, comparison, { kind: 'lost' }, name).rows.map((r) => r.test_image)).toEqual([9, 1]);
    expect(flipTable(say, comparison, {}, name, 2).rows).toHaveLength(2);
    const last = toCsv(flipTable(say, comparison, { truth: 0, answer: 0 }, name))
      .trim()
      .split('\r\n')[1];
    expect(last).toBe('2,c0,–,,c0,0.5,,0.5,wrong_to_right');
  });
});
