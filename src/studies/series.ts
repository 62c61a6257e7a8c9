/** Points and bands over seeds, as the view draws them. Only what is finished counts. */
import { earlyStop, type Reading, type Readings } from './readings';
import { kindById } from './registry';
import type { Spot } from './spots';
import { meanOf } from './stats';
import type { ArmPoint, ArmSeries, Band, Densities } from './types';

/**
 * Mean over seeds, each the mean of its draws, so that a seed with more draws finished has no more weight; least and
 * greatest of all draws. Undefined where there is nothing.
 */
export function bandOf(each: ReadonlyMap<number, readonly number[]>): Band | undefined {
  const all = [...each.values()].flat();
  if (all.length === 0) return undefined;
  const mean = meanOf([...each.values()].filter((v) => v.length > 0).map(meanOf));
  return { mean, min: Math.min(...all), max: Math.max(...all), each };
}

/** Values by replicate, one per draw; what is not known is left out. */
function collect(found: readonly Reading[], of: (reading: Reading) => number | undefined): Band | undefined {
  const each = new Map<number, number[]>();
  for (const reading of found) {
    const value = of(reading);
    if (value === undefined || Number.isNaN(value)) continue;
    each.set(reading.replicate, [...(each.get(reading.replicate) ?? []), value]);
  }
  return bandOf(each);
}

/** Every arm of the study that has at least one finished point. */
export function armSeries(from: Readings): ArmSeries[] {
  const { sizedBy } = kindById(from.study.kind);
  const sizes = from.arms.find(({ arm }) => arm === sizedBy)?.rounds;
  return from.arms
    .map(({ arm, rounds }) => ({
      id: arm,
      points: [...rounds]
        .sort(([a], [b]) => a - b)
        .flatMap(([round, spots]) => pointOf(from, round, spots, sizes?.get(round)) ?? []),
    }))
    .filter(({ points }) => points.length > 0);
}

/** @param sized where weights remaining are read, if elsewhere */
function pointOf(
  from: Readings,
  round: number,
  spots: readonly Spot[],
  sized: readonly Spot[] = spots,
): ArmPoint | undefined {
  const finished = spots.flatMap((spot) => from.at(spot)).filter(({ end }) => end !== undefined);
  const sizes = sized === spots ? finished : sized.flatMap((spot) => from.at(spot));
  const remaining = collect(sizes, (r) => r.remaining);
  if (!remaining || finished.length === 0) return undefined;
  const end = collect(finished, (r) => r.end);
  const stop = collect(finished, (r) => r.stop);
  const stopStep = collect(finished, (r) => earlyStop(r)?.step);
  return {
    round,
    remaining: remaining.mean,
    ...(end && { end }),
    ...(stop && { stop }),
    ...(stopStep && { stopStep }),
    censored: finished.filter((r) => earlyStop(r)?.censored).length,
    at: spots.map(({ part, at }) => ({ part, at })),
  };
}

/** Kept weights by layer of one arm, the first of the study unless told, round by round; mean over seeds. */
export function densities(from: Readings, arm = from.arms[0]?.arm): Densities {
  const rounds = [...(from.arms.find((a) => a.arm === arm)?.rounds ?? [])].sort(([a], [b]) => a - b);
  const layers = new Set<string>();
  const found = rounds.flatMap(([round, spots]) => {
    const all = spots.flatMap((spot) => from.at(spot)).filter(({ density }) => density.size > 0);
    for (const { density } of all) for (const layer of density.keys()) layers.add(layer);
    const remaining = collect(all, (r) => r.remaining);
    return remaining ? [{ round, all, remaining: remaining.mean }] : [];
  });
  const density = (all: readonly Reading[]) =>
    [...layers].map((layer) => collect(all, (r) => r.density.get(layer))?.mean ?? Number.NaN);
  return {
    layers: [...layers],
    rounds: found.map(({ round, remaining, all }) => ({ round, remaining, density: density(all) })),
  };
}
