/** The front against its definition. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frontOf, type Rated } from './front';

const beats = (a: Rated, b: Rated) =>
  a.cost <= b.cost && a.gain >= b.gain && (a.cost < b.cost || a.gain > b.gain);
/** Every pair compared. */
function byPairs(items: readonly Rated[]): Rated[] {
  const sound = items.filter(({ cost, gain }) => !Number.isNaN(cost) && !Number.isNaN(gain));
  const kept = sound.filter((a) => !sound.some((b) => beats(b, a)));
  const first = kept.filter((a, i) => kept.findIndex((b) => b.cost === a.cost && b.gain === a.gain) === i);
  return first.sort((a, b) => a.cost - b.cost);
}
const same = (rated: Rated) => rated;

describe('frontOf', () => {
  it('is every item that no other beats: ties, duplicates, NaN and infinities included', () => {
    const number = fc.oneof(
      fc.integer({ min: -4, max: 4 }),
      fc.double({ noDefaultInfinity: true }),
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0),
    );
    const items = fc.array(fc.record({ cost: number, gain: number }), { maxLength: 30 });
    fc.assert(
      fc.property(items, (all) => {
        const front = frontOf(all, same);
        expect(front.map((r) => [r.cost + 0, r.gain + 0])).toEqual(
          byPairs(all).map((r) => [r.cost + 0, r.gain + 0]),
        );
        for (const rated of front) expect(all).toContain(rated);
      }),
    );
  });

  it('keeps the first of equal ones, and is empty where nothing is known', () => {
    const [a, b] = [
      { cost: 1, gain: 2 },
      { cost: 1, gain: 2 },
    ];
    expect(frontOf([a, b], same)[0]).toBe(a);
    expect(frontOf([a, b], same)).toHaveLength(1);
    expect(frontOf([], same)).toEqual([]);
    expect(frontOf([{ cost: Number.NaN, gain: 1 }], same)).toEqual([]);
  });

  it('leaves out what costs the same and gains less, and what gains the same and costs more', () => {
    const items = [
      { cost: 2, gain: 5 },
      { cost: 2, gain: 4 },
      { cost: 3, gain: 5 },
      { cost: 1, gain: 1 },
      { cost: 4, gain: 9 },
    ];
    expect(frontOf(items, same)).toEqual([
      { cost: 1, gain: 1 },
      { cost: 2, gain: 5 },
      { cost: 4, gain: 9 },
    ]);
  });
});
