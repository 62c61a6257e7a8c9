import { describe, expect, it } from 'vitest';
import { publishedAndHere } from './published';
import { readings } from './readings';
import { armSeries } from './series';
import { rowsOf, type Said } from './testing/rows';
import { study } from './testing/studies';

/** 0.8^round is the made-up size; round 7: 21 %, 9: 13.4 %, 15: 3.5 %. */
const said = (arm: string, round: number, replicate: number): Said => {
  const lowest = { dense: 5, ticket: 2 + replicate, reinit: 6 }[arm] ?? 5;
  return {
    end: { dense: 0.97, ticket: 0.971 + round / 10_000, reinit: 0.96 }[arm] ?? 0.9,
    stop: { dense: 0.98, ticket: 0.982, reinit: 0.97 }[arm] ?? 0.9,
    losses: [1, 2, 3, 4, 5, 6, 7].map((i) => Math.abs(i - lowest)),
  };
};
const tell = (s: ReturnType<typeof study>, say = said) =>
  publishedAndHere(s, armSeries(readings(s, rowsOf(s, say))));
const claim = (told: ReturnType<typeof tell>, id: string) => told?.claims.find((c) => c.id === id);

describe('published and here', () => {
  it('puts ours beside the paper’s, seed by seed', () => {
    const told = tell(study({ rounds: 15 }, { replicates: 3 }));
    expect(claim(told, 'gain')?.here?.value).toBeCloseTo(0.002, 9);
    expect(claim(told, 'reinit')?.here?.value).toBeCloseTo(0.012, 9);
    expect(claim(told, 'bestEnd')?.here?.value).toBeCloseTo(0.0025, 9);
    // Early stop of the tickets at 200, 300 and 400, of the dense networks at 500, of the copies at 600.
    expect(claim(told, 'sooner')?.here).toMatchObject({ min: 1.5, max: 3, seeds: 3 });
    expect(claim(told, 'earlier')?.here?.value).toBeCloseTo((0.6 + 0.4 + 0.2) / 3, 9);
    expect(claim(told, 'sooner')?.paper.value).toBe(2.51);
  });
  it('says why there is nothing of ours', () => {
    const short = tell(study({ rounds: 7 }, { replicates: 2 }));
    expect(claim(short, 'gain')).toMatchObject({ missing: 'size' });
    expect(claim(short, 'sooner')).toMatchObject({ missing: 'seeds' });
    const alone = tell(study({ rounds: 7, reinit: false }, { replicates: 3 }));
    expect(claim(alone, 'reinit')).toMatchObject({ missing: 'arm' });
    const falling = tell(study({ rounds: 7 }, { replicates: 3 }), (arm, round, r) => ({
      ...said(arm, round, r),
      losses: [3, 2, 1],
    }));
    for (const id of ['sooner', 'earlier']) expect(claim(falling, id)).toMatchObject({ missing: 'censored' });
    const none = study({});
    expect(publishedAndHere(none, [])?.claims.every((c) => c.missing === 'size' && !c.here)).toBe(true);
  });
  it('names what is done otherwise, and nothing where all is as in the paper', () => {
    const codes = (values: object, replicates: number) =>
      publishedAndHere(study(values as never, { replicates }), [])?.differences.map((d) => d.code);
    expect(codes({}, 1)).toEqual(['steps', 'seeds', 'draws']);
    expect(codes({ steps: 50_000, draws: 3 }, 5)).toEqual([]);
  });
  it('has nothing to say of other data and networks', () => {
    for (const more of [
      { data: 'fashion-mnist' },
      { model: 'lenet-5' },
      { model: 'conv-2', data: 'cifar-10' },
    ])
      expect(publishedAndHere(study({}, more), [])).toBeUndefined();
  });
  it('takes the best supermask on untrained weights or constants, never a trained one', () => {
    const s = study({ rounds: 2, which: 'nine', retrain: true }, { kind: 'criteria', replicates: 2 });
    const told = tell(s, (arm, round, r) => ({
      end: arm.endsWith('/init') ? 0.6 + round / 10 + r / 100 : arm.endsWith('/constant') ? 0.5 : 0.99,
    }));
    expect(told?.claims).toHaveLength(1);
    expect(told?.claims[0].here).toMatchObject({ min: 0.8, max: 0.81, seeds: 2 });
    expect(told?.differences.map((d) => d.code)).toEqual(['best']);
  });
});
