import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Row } from '../spec/types';
import { armCurves } from './curves';
import { findings, headlines, speed, speeds } from './findings';
import { readings } from './readings';
import { armSeries, densities } from './series';
import { armSpots } from './spots';
import { rowsOf, type Said } from './testing/rows';
import { study } from './testing/studies';

const of = (s: ReturnType<typeof study>, rows: readonly Row[]) => {
  const from = readings(s, rows);
  const series = armSeries(from);
  return { from, series, found: findings(s, series), arm: (id: string) => series.find((a) => a.id === id) };
};

describe('places of a study', () => {
  it('lie above each other: every arm of the tickets has every round, the dense network too', () => {
    const all = { late: true, finetune: true, lrRewind: true, oneShot: true, random: true, scratch: true };
    const s = study({ rounds: 3, draws: 2, shuffle: true, small: true, ...all });
    const arms = armSpots(s);
    expect(arms.map(({ arm }) => arm)).toEqual([
      ...['ticket', 'reinit', 'shuffle', 'small-dense', 'late', 'finetune', 'lr-rewind', 'one-shot'],
      ...['random', 'units', 'scratch-e', 'scratch-b'],
    ]);
    for (const { arm, rounds } of arms) {
      expect([arm, ...rounds.keys()]).toEqual([arm, 0, 1, 2, 3]);
      for (const [round, spots] of rounds) expect(spots).toHaveLength(arm === 'reinit' && round > 0 ? 2 : 1);
    }
    // After the second training of the part, not where it rewinds to; random masks have no dense network of their own.
    expect(arms[4].rounds.get(0)?.[0].at).toBe('recipe.2');
    expect(arms[8].rounds.get(0)?.[0]).toMatchObject({ part: 'main', at: 'recipe.0' });
    expect(arms[11].rounds.get(2)?.[0].at).toBe('recipe.4.fork.scratch-b.1');
  });
  it('tell parts with equal arms apart, and show an empty arm at the card before its fork', () => {
    const arms = armSpots(study({ rounds: 2, which: 'nine', retrain: true }, { kind: 'criteria' }));
    expect(arms.slice(0, 5).map(({ arm }) => arm)).toEqual([
      ...['magnitude/masked', 'magnitude/init', 'magnitude/constant', 'magnitude/retrain'],
      'magnitude-increase/masked',
    ]);
    const [masked, init] = arms;
    expect([...masked.rounds.keys()]).toEqual([0, 1, 2]);
    expect(masked.rounds.get(2)?.[0].at).toBe('recipe.1[2].steps.0');
    // At 100 % untrained weights are an untrained network and not the dense one.
    expect([...init.rounds.keys()]).toEqual([1, 2]);
  });
});

/** Two seeds, two draws: by hand. */
const small = study({ rounds: 1, draws: 2 }, { replicates: 2 });
const NUMBERS: Record<string, Said[][]> = {
  dense: [[{ end: 0.97, losses: [3, 2, 1] }], [{ end: 0.98, losses: [3, 1, 2] }]],
  ticket: [[{ end: 0.95, stop: 0.96 }], [{ end: 0.97, stop: 0.98 }]],
  reinit: [
    [
      { end: 0.91, stop: 0.9 },
      { end: 0.93, stop: 0.92 },
    ],
    [
      { end: 0.92, stop: 0.91 },
      { end: 0.94, stop: 0.95 },
    ],
  ],
};
const rows = rowsOf(small, (arm, _, replicate, draw) => NUMBERS[arm][replicate][draw]);

describe('series', () => {
  it('are mean, least and greatest over seeds; draws are averaged by seed', () => {
    const { arm } = of(small, rows);
    const reinit = arm('reinit')?.points[1];
    expect(reinit?.end?.mean).toBeCloseTo((0.92 + 0.93) / 2, 12);
    expect([reinit?.end?.min, reinit?.end?.max]).toEqual([0.91, 0.94]);
    expect(reinit?.end?.each).toEqual(
      new Map([
        [0, [0.91, 0.93]],
        [1, [0.92, 0.94]],
      ]),
    );
    expect(reinit?.remaining).toBeCloseTo(0.8, 12);
    expect(arm('ticket')?.points[1].stop).toMatchObject({ min: 0.96, max: 0.98 });
    expect(arm('ticket')?.points[1].at).toEqual([{ part: 'main', at: 'recipe.1[1].steps.1.fork.ticket.1' }]);
  });
  it('have the step of the lowest validation loss, and count where it is the last', () => {
    const dense = of(small, rows).arm('ticket')?.points[0];
    expect(dense?.stopStep?.each).toEqual(
      new Map([
        [0, [300]],
        [1, [200]],
      ]),
    );
    expect(dense?.censored).toBe(1);
    expect(dense?.stop).toBeUndefined();
  });
  it('take the first of equal losses and leave out what is no number', () => {
    const one = study({ rounds: 1 });
    const said = rowsOf(one, () => ({ end: 0.5, losses: [Number.NaN, 1, 1, 2] }));
    const [point] = of(one, said).series[0].points;
    expect([point.stopStep?.mean, point.censored]).toEqual([200, 0]);
  });
  it('lie above each other where pruned weights are held and not zero, once their size is known', () => {
    const held = study({ rounds: 2 }, { kind: 'mask-zero', replicates: 1 });
    const all = rowsOf(held, (arm, round) => ({
      end: 0.9,
      ...(arm === 'freeze' && { remaining: 1 - round / 100 }),
    }));
    for (const { points } of of(held, all).series)
      expect(points.map(({ remaining }) => remaining.toFixed(4))).toEqual(['1.0000', '0.8000', '0.6400']);
    const zero = /\[2\].*zero/;
    const { arm } = of(
      held,
      all.filter(({ at }) => !zero.test(at)),
    );
    expect(arm('freeze')?.points.map(({ round }) => round)).toEqual([0, 1]);
  });
  it('weigh seeds equally where one has more draws finished', () => {
    const part = rows.filter((r) => !(r.replicate === 1 && r.at.includes('reinit-2')));
    expect(of(small, part).arm('reinit')?.points[1].end?.mean).toBeCloseTo((0.92 + 0.92) / 2, 12);
  });
  it('show only what is finished', () => {
    const { series, found } = of(
      small,
      rows.filter((r) => r.metric === 'val.loss'),
    );
    expect([series, found]).toEqual([[], []]);
    expect(of(small, []).series).toEqual([]);
  });
  it('do not depend on the order of rows, nor on how often they are told, nor on rows of others', () => {
    const straight = of(small, rows).series;
    fc.assert(
      fc.property(fc.shuffledSubarray([...rows, ...rows], { minLength: 2 * rows.length }), (mixed) => {
        const foreign = mixed.map((r) => ({ ...r, exp: 'other', value: 7 }));
        expect(of(small, [...mixed, ...foreign]).series).toEqual(straight);
      }),
      { numRuns: 20 },
    );
  });
  it('give curves at the steps that all seeds have reached, those at work included', () => {
    const part = rows.filter((r) => !(r.replicate === 1 && r.step === 300));
    const [ticket] = armCurves(of(small, part).from, 0, 'val.loss');
    expect(ticket).toEqual({
      arm: 'ticket',
      points: [
        { step: 100, mean: 3, min: 3, max: 3 },
        { step: 200, mean: 1.5, min: 1, max: 2 },
      ],
    });
    expect(armCurves(of(small, part).from, 1, 'val.accuracy')).toEqual([]);
  });
  it('give densities by layer, mean over seeds', () => {
    const at = { ...rows[0], metric: 'density' } as const;
    const told = [
      ...[
        { ...at, layer: 'fc1', value: 0.5 },
        { ...at, layer: 'out', value: 0.9 },
      ],
      ...[
        { ...at, replicate: 1, layer: 'fc1', value: 0.7 },
        { ...at, replicate: 1, layer: 'out', value: 0.9 },
      ],
    ];
    const found = densities(of(small, [...rows, ...told]).from);
    expect(found.layers).toEqual(['fc1', 'out']);
    expect(found.rounds).toHaveLength(1);
    expect(found.rounds[0].round).toBe(0);
    expect(found.rounds[0].density).toEqual([0.6, 0.9]);
  });
});

describe('findings', () => {
  it('compare at early stop where both have it, seed by seed, draws averaged first', () => {
    const { found } = of(small, rows);
    expect(found).toHaveLength(1);
    const [{ difference, ...told }] = found;
    // Seeds: 0.96 - 0.91 and 0.98 - 0.93; the spreads are 0.02 and 0.02.
    expect(difference.mean).toBeCloseTo(0.05, 12);
    expect(difference.min).toBeCloseTo(0.05, 12);
    expect(told).toMatchObject({
      verdict: 'ahead',
      a: 'ticket',
      b: 'reinit',
      round: 1,
      at: 'stop',
      seeds: 2,
      ahead: 2,
    });
    expect(told.meanB).toBeCloseTo(0.92, 12);
  });
  const against = (ticket: number[], reinit: number[]) => {
    const s = study({ rounds: 1 }, { replicates: ticket.length });
    const say = (arm: string, _: number, r: number): Said => ({
      end: { ticket, reinit, dense: [] }[arm]?.[r] ?? 0.9,
    });
    return of(s, rowsOf(s, say)).found[0];
  };
  it.each([
    [[0.9, 0.9], [0.8, 0.8], 'ahead', 2],
    [[0.8, 0.8], [0.9, 0.9], 'behind', 0],
    // Seeds disagree.
    [[0.9, 0.8], [0.8, 0.81], 'even', 1],
    // They agree, but differ among themselves by more than that.
    [[0.9, 0.8], [0.88, 0.78], 'even', 2],
    [[0.9], [0.8], 'ahead', 1],
    [[0.9], [0.9], 'even', 0],
  ] as const)('%j against %j is %s', (ticket, reinit, verdict, ahead) => {
    expect(against([...ticket], [...reinit])).toMatchObject({
      verdict,
      ahead,
      seeds: ticket.length,
      at: 'end',
    });
  });
  it('of one seed look at how its draws differ', () => {
    const s = study({ rounds: 1, draws: 2 });
    const say = (arm: string, _: number, __: number, draw: number): Said => ({
      end: arm === 'reinit' ? [0.7, 0.88][draw] : 0.9,
    });
    expect(of(s, rowsOf(s, say)).found[0]).toMatchObject({ verdict: 'even', seeds: 1 });
  });
  it('of two arms are the same from either side', () => {
    const accuracy = fc.array(
      fc.integer({ min: 0, max: 1000 }).map((n) => n / 1000),
      { minLength: 3, maxLength: 3 },
    );
    fc.assert(
      fc.property(accuracy, accuracy, (a, b) => {
        const [there, back] = [against(a, b), against(b, a)];
        expect(there.difference.mean).toBeCloseTo(-back.difference.mean, 12);
        expect(there.difference.min).toBeCloseTo(-back.difference.max, 12);
        expect(there.ahead + back.ahead).toBeLessThanOrEqual(3);
        const turned = { ahead: 'behind', behind: 'ahead', even: 'even' } as const;
        expect(there.verdict).toBe(turned[back.verdict]);
      }),
      { numRuns: 30 },
    );
  });
  it('count only seeds that have finished both', () => {
    const part = rows.filter((r) => !(r.replicate === 0 && r.at.includes('reinit')));
    expect(of(small, part).found[0]).toMatchObject({ seeds: 1 });
  });
  it('hold scratch against fine-tuned units, and each criterion against magnitude by the same measure', () => {
    const one = (kind: string, values: object) => {
      const s = study(values as never, { kind });
      return of(
        s,
        rowsOf(s, () => ({ end: 0.9 })),
      ).found.map(({ a, b }) => `${a}|${b}`);
    };
    expect(one('tickets', { rounds: 1, reinit: false, scratch: true })).toEqual([
      'units|scratch-e',
      'units|scratch-b',
    ]);
    expect(one('criteria', { rounds: 1, which: 'signed' })).toContain(
      'magnitude/init|large-final-same-sign/init',
    );
    expect(one('rates', { rounds: 1, sgd: false })).toEqual([
      'adam-0.0012/ticket|adam-0.0012/reinit',
      'adam-0.012/ticket|adam-0.012/reinit',
    ]);
  });
  it('headline: by size, not by result', () => {
    const s = study({ rounds: 17, shuffle: true }, { replicates: 2 });
    const say = (arm: string, round: number, r: number): Said | undefined =>
      r === 1 && round > 12 && arm === 'shuffle'
        ? undefined
        : { end: 0.9 - (arm === 'ticket' ? 0 : 0.01 * (20 - round)) };
    const told = headlines(of(s, rowsOf(s, say)).found);
    // 0.8^15 = 3.5 %; the shuffled arm has both seeds up to round 12 only.
    expect(told.map(({ b, round, seeds }) => [b, round, seeds])).toEqual([
      ['reinit', 15, 2],
      ['shuffle', 12, 2],
    ]);
  });
});

describe('speed', () => {
  const early = (step: number): number[] => [1, 2, 3, 4, 5, 6].map((i) => Math.abs(i - step));
  const raced = (seeds: number, reinit: (replicate: number) => number) => {
    const s = study({ rounds: 1 }, { replicates: seeds });
    const say = (arm: string, _: number, r: number): Said => ({
      end: 0.9,
      losses: early(arm === 'reinit' ? reinit(r) : 2),
    });
    const { series } = of(s, rowsOf(s, say));
    return speeds(s, series)[0];
  };
  it('is the ratio of early-stop steps by seed', () => {
    expect(raced(3, (r) => 3 + r)).toMatchObject({
      a: 'ticket',
      b: 'reinit',
      seeds: 3,
      ratio: { mean: 2, min: 1.5, max: 2.5 },
    });
  });
  it('is not spoken of with one seed, nor with two', () => {
    expect([raced(1, () => 4), raced(2, () => 4)]).toEqual([undefined, undefined]);
  });
  it('is not spoken of where the lowest loss is the last one of any training', () => {
    expect(raced(3, (r) => (r === 2 ? 6 : 4))).toBeUndefined();
    expect(raced(3, () => 5)).toBeDefined();
  });
  it('is not spoken of where a step is not known', () => {
    const { series } = of(small, rows);
    expect(speed(series[0], series[1], 1)).toBeUndefined();
  });
});
