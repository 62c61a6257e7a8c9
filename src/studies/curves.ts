/** Learning curves of one round, all arms: also of trainings that are at work. */
import type { CurveMetric, Readings } from './readings';
import { bandOf } from './series';
import type { ArmCurve } from './types';

/**
 * Per arm the mean over seeds (draws averaged first) with least and greatest, at every step that all of them have
 * reached: where one is behind, its steps to come would make a jump.
 */
export function armCurves(from: Readings, round: number, metric: CurveMetric): ArmCurve[] {
  return from.arms.flatMap(({ arm, rounds }) => {
    const all = (rounds.get(round) ?? [])
      .flatMap((spot) => from.at(spot))
      .filter(({ curves }) => curves[metric].size > 0);
    if (all.length === 0) return [];
    const [first, ...others] = all.map(({ curves }) => curves[metric]);
    const steps = [...first.keys()]
      .filter((step) => others.every((curve) => curve.has(step)))
      .sort((a, b) => a - b);
    const points = steps.flatMap((step) => {
      const each = new Map<number, number[]>();
      for (const { replicate, curves } of all) {
        const value = curves[metric].get(step) as number;
        if (!Number.isNaN(value)) each.set(replicate, [...(each.get(replicate) ?? []), value]);
      }
      const band = bandOf(each);
      return band ? [{ step, mean: band.mean, min: band.min, max: band.max }] : [];
    });
    return [{ arm, points }];
  });
}
