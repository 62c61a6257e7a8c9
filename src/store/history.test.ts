import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance, back, forth, type Timeline } from './history';

const start = (present: number): Timeline<number> => ({ past: [], present, future: [] });

describe('history', () => {
  it('undoes and redoes any number of steps', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 40 }), (values) => {
        const all = values.reduce((t, v) => advance(t, v), start(-1));
        let t = all;
        for (let i = values.length - 1; i >= 0; i--) {
          t = back(t);
          expect(t.present).toBe(i === 0 ? -1 : values[i - 1]);
        }
        expect(back(t)).toBe(t);
        for (const v of values) {
          t = forth(t);
          expect(t.present).toBe(v);
        }
        expect(t).toEqual(all);
      }),
    );
  });
  it('forgets what was undone once something new is done', () => {
    expect(forth(advance(back(advance(start(1), 2)), 3)).present).toBe(3);
  });
  it('keeps no more than the limit', () => {
    let t = start(0);
    for (let i = 1; i <= 10; i++) t = advance(t, i, 4);
    expect(t.past).toEqual([6, 7, 8, 9]);
  });
});
