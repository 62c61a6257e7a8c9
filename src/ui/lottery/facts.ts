/** What the rows of a study say, computed once for all parts of the view that show it. */
import type { Row } from '../../spec/types';
import { hashStudy, studyValues } from '../../studies';
import { findings, headlines } from '../../studies/findings';
import { type Readings, readings } from '../../studies/readings';
import { armSeries, densities } from '../../studies/series';
import type { ArmSeries, Densities, Finding, Study } from '../../studies/types';

export interface Facts {
  from: Readings;
  series: readonly ArmSeries[];
  densities: Densities;
  /** Rounds that have a point, in order. */
  rounds: readonly { round: number; remaining: number }[];
  /** One per arm, at the size where papers look. */
  findings: readonly Finding[];
}
const known = new WeakMap<readonly Row[], Map<string, Facts>>();

export function factsOf(study: Study, rows: readonly Row[]): Facts {
  const hash = hashStudy(study);
  const here = known.get(rows) ?? new Map<string, Facts>();
  known.set(rows, here);
  const found = here.get(hash) ?? compute(study, rows);
  here.set(hash, found);
  return found;
}
function compute(study: Study, rows: readonly Row[]): Facts {
  const from = readings(study, rows);
  const series = armSeries(from);
  const rounds = new Map<number, number>();
  for (const { points } of series)
    for (const p of points) if (!rounds.has(p.round)) rounds.set(p.round, p.remaining);
  return {
    from,
    series,
    densities: densities(from),
    rounds: [...rounds].map(([round, remaining]) => ({ round, remaining })).sort((a, b) => a.round - b.round),
    findings: headlines(findings(study, series)),
  };
}
/** Sizes that the study will come to, so that the axis stays while points arrive; [] where it has no ladder. */
export function plannedSizes(study: Study): number[] {
  const { rounds, rate } = studyValues(study);
  if (typeof rounds !== 'number' || typeof rate !== 'number') return [];
  return Array.from({ length: rounds }, (_, i) => (1 - rate) ** (i + 1));
}
/** Ticks where points are; beyond the last of them where they will be. */
export function sizesShown(there: readonly number[], planned: readonly number[]): number[] {
  const last = Math.min(1, ...there);
  return [...there, ...planned.filter((size) => size < last * 0.95)];
}

/** The round that is looked at: the chosen one where it exists, else the last. */
export const roundShown = ({ rounds }: Facts, chosen: number | undefined): number | undefined =>
  rounds.some((r) => r.round === chosen) ? chosen : rounds[rounds.length - 1]?.round;
/** A study that does not stop early has only the end to show. */
export const atShown = ({ series }: Facts, at: 'stop' | 'end'): 'stop' | 'end' =>
  at === 'stop' && !series.some((s) => s.points.some((p) => p.stop)) ? 'end' : at;
