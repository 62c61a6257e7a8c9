import { describe, expect, it } from 'vitest';
import { agrees, CHOICE, CLAIM, type Contestant, grainOf, type Pace, race } from './race';
import { overlap, spread } from './spread';
import { Visibility } from './visibility';

/** A machine whose clock runs only while passes are executed. */
class FakeMachine {
  now = 0;
  calls: string[] = [];
  /** Time that every call costs once, and steps in which the clock is read. */
  constructor(
    readonly once = 0,
    readonly grain = 0,
  ) {}
  contestant(name: string, msPerPass: (now: number, call: number) => number): Contestant {
    let call = 0;
    return {
      time: async (_, n) => {
        this.calls.push(name);
        const start = this.now;
        this.now += this.once + n * msPerPass(this.now, call++);
        return this.read(this.now) - this.read(start);
      },
    };
  }
  private read = (t: number) => (this.grain ? Math.floor(t / this.grain) * this.grain : t);
}
const free = { turn: async () => {} };
const PACE: Pace = { rounds: 7, sampleMs: 20, slopeRounds: 2 };

describe('spread', () => {
  it('interpolates quartiles as numpy.percentile does', () => {
    // numpy.percentile([3, 1, 4, 1, 5, 9], [25, 50, 75]) = 1.5, 3.5, 4.75
    expect(spread([3, 1, 4, 1, 5, 9])).toEqual({ q1: 1.5, median: 3.5, q3: 4.75 });
    expect(spread([2])).toEqual({ q1: 2, median: 2, q3: 2 });
    expect(spread([]).median).toBeNaN();
  });
  it('overlap is symmetric and counts touching ends', () => {
    const at = (q1: number, q3: number) => ({ q1, median: (q1 + q3) / 2, q3 });
    expect(overlap(at(1, 2), at(2, 3))).toBe(true);
    expect(overlap(at(2, 3), at(1, 2))).toBe(true);
    expect(overlap(at(1, 2), at(2.01, 3))).toBe(false);
    expect(overlap(at(1, 4), at(2, 3))).toBe(true);
  });
});

describe('race', () => {
  it('gives time per pass and the ratio to the first, whatever the repetitions', async () => {
    const m = new FakeMachine();
    const nets = [m.contestant('a', () => 0.4), m.contestant('b', () => 0.1), m.contestant('c', () => 0.8)];
    const [a, b, c] = await race(nets, 1, PACE, free);
    expect(a.ms.median).toBeCloseTo(0.4, 12);
    expect(a.ratio.median).toBe(1);
    expect(b.ratio.median).toBeCloseTo(4, 12);
    expect(c.ratio.median).toBeCloseTo(0.5, 12);
    expect([b.overlap, c.overlap]).toEqual([false, false]);
    expect(b.repetitions * 0.1).toBeGreaterThanOrEqual(20);
  });

  it('lets contestants take turns forwards and backwards, and warms up', async () => {
    const m = new FakeMachine();
    const nets = ['a', 'b', 'c'].map((name) => m.contestant(name, () => 30));
    await race(nets, 1, { rounds: 2, sampleMs: 20, slopeRounds: 0 }, free);
    // Two calls of each before: one to warm up, one that lasts long enough.
    expect(m.calls.slice(0, 6).join('')).toBe('aabbcc');
    expect(m.calls.slice(6).join('')).toBe('cbaabccba');
  });

  it('cancels a machine that slows down', async () => {
    const m = new FakeMachine();
    const drifting = (base: number) => (now: number) => base * (1 + now / 500);
    const nets = [
      m.contestant('a', drifting(2)),
      m.contestant('b', drifting(2)),
      m.contestant('c', drifting(1)),
    ];
    const [first, same, half] = await race(nets, 1, PACE, free);
    expect(first.ms.q3 / first.ms.q1).toBeGreaterThan(1.3);
    expect(Math.abs(same.ratio.median - 1)).toBeLessThan(0.1);
    expect(same.overlap).toBe(true);
    expect(Math.abs(half.ratio.median - 2)).toBeLessThan(0.2);
  });

  it('does not count the first round, nor calls before it', async () => {
    const m = new FakeMachine();
    const cold = m.contestant('a', (_, call) => (call < 3 ? 1000 : 25));
    const [{ ms }] = await race([cold], 1, PACE, free);
    expect(ms).toEqual({ median: 25, q1: 25, q3: 25 });
  });

  it('claims nothing where quartiles overlap', async () => {
    const m = new FakeMachine();
    const noisy = (base: number) => (_: number, call: number) => base + [0, 8, 3, 6, 1][call % 5];
    const [, b] = await race([m.contestant('a', noisy(30)), m.contestant('b', noisy(28))], 1, PACE, free);
    expect(b.overlap).toBe(true);
    const [, far] = await race([m.contestant('a', noisy(60)), m.contestant('b', noisy(28))], 1, PACE, free);
    expect(far.overlap).toBe(false);
  });

  it('slope is free of what a call costs once, and tells where that matters', async () => {
    const m = new FakeMachine(5);
    const [a] = await race([m.contestant('a', () => 1)], 1, PACE, free);
    expect(a.slope).toBeCloseTo(1, 9);
    expect(a.ms.median).toBeGreaterThan(1.2);
    expect(agrees(a)).toBe(false);
    const lean = new FakeMachine(0.1);
    const [b] = await race([lean.contestant('b', () => 1)], 1, PACE, free);
    expect(agrees(b)).toBe(true);
    const [c] = await race([lean.contestant('b', () => 1)], 1, CHOICE, free);
    expect(c.slope).toBeNaN();
    expect(agrees(c)).toBe(true);
  });

  it('takes longer samples on a coarse clock', async () => {
    const m = new FakeMachine(0, 1);
    const nets = [m.contestant('a', () => 0.013), m.contestant('b', () => 0.0065)];
    const [a, b] = await race(nets, 1, CLAIM, { ...free, grain: 1 });
    expect(a.repetitions * 0.013).toBeGreaterThan(99);
    expect(a.ms.median).toBeCloseTo(0.013, 3);
    expect(Math.abs(b.ratio.median - 2)).toBeLessThan(0.05);
  });

  it('ends with a clock that stands still', async () => {
    const stuck: Contestant = { time: async () => 0 };
    const [{ ms }] = await race([stuck], 1, CHOICE, free);
    expect(ms.median).toBe(0);
  });

  it('gives up between two samples', async () => {
    const m = new FakeMachine();
    let left = 9;
    const turn = async () => {
      if (left-- === 0) throw new Error(`enough after ${m.calls.length}`);
    };
    const nets = [m.contestant('a', () => 30), m.contestant('b', () => 30)];
    // One turn before each sample, and one at the end of the first round.
    await expect(race(nets, 1, PACE, { turn })).rejects.toThrow('enough after 8');
    expect(m.calls).toHaveLength(8);
  });

  it('waits while the tab is hidden and takes the round again in which it was', async () => {
    const m = new FakeMachine();
    const view = new Visibility();
    let calls = 0;
    const slowWhileHidden = m.contestant('a', () => {
      if (++calls === 6) {
        view.set(false);
        setTimeout(() => view.set(true), 5);
      }
      return calls === 6 ? 4000 : 25;
    });
    const conditions = { turn: () => view.seen(), spoiled: () => view.hidings };
    const [{ ms }] = await race([slowWhileHidden], 1, PACE, conditions);
    expect(ms).toEqual({ median: 25, q1: 25, q3: 25 });
    // 2 to begin with, 1 + 7 rounds, 2 slopes, and the spoiled round (with its slope) again.
    expect(m.calls.length).toBeGreaterThan(12);
  });

  it("reads the device's own clock where all have one", async () => {
    const m = new FakeMachine();
    const gpu = (ms: number): Contestant => ({
      ...m.contestant('g', () => ms + 2),
      kernelTime: async (_, n) => n * ms,
    });
    const [, b] = await race([gpu(4), gpu(1)], 1, PACE, free);
    expect(b.kernel?.ratio.median).toBeCloseTo(4, 12);
    expect(b.ratio.median).toBeCloseTo(2, 12);
    const [, plain] = await race([gpu(4), m.contestant('c', () => 1)], 1, PACE, free);
    expect(plain.kernel).toBeUndefined();
  });
});

describe('grainOf', () => {
  it('finds the step of a clock', () => {
    let reads = 0;
    expect(grainOf(() => Math.floor(reads++ / 7) * 0.1)).toBeCloseTo(0.1, 9);
    expect(grainOf()).toBeGreaterThan(0);
  });
});
describe('Visibility', () => {
  it('counts hidings, not what is said twice', async () => {
    const view = new Visibility();
    view.set(false);
    view.set(false);
    expect([view.hidden, view.hidings]).toEqual([true, 1]);
    let seen = false;
    const waiting = view.seen().then(() => {
      seen = true;
    });
    await Promise.resolve();
    expect(seen).toBe(false);
    view.set(true);
    await waiting;
    expect([view.hidden, view.hidings]).toEqual([false, 1]);
  });
});
