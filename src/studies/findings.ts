/** What arms say about each other, with how sure that is. */
import { kindById } from './registry';
import { meanOf, pairsOf, summaryOf } from './stats';
import type { AnyKind, ArmPoint, ArmSeries, Band, Finding, SpeedFinding, Study } from './types';

const rangeOf = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);

/**
 * Spread of one arm: over seeds, and over draws where there is one seed only. Of seeds the means of their draws, because
 * those are what is compared.
 */
function spreadOf(band: Band, seeds: readonly number[]): number {
  if (seeds.length > 1) return rangeOf(seeds);
  return rangeOf([...band.each.values()].flat());
}

/** Two arms at one round; undefined where no seed has finished both. */
export function compare(a: string, b: string, pa: ArmPoint, pb: ArmPoint): Finding | undefined {
  const at = pa.stop && pb.stop ? 'stop' : 'end';
  const [bandA, bandB] = [pa[at], pb[at]];
  const seeds = bandA && bandB ? pairsOf(bandA, bandB) : [];
  if (!bandA || !bandB || seeds.length === 0) return undefined;
  const differences = seeds.map((s) => s.a - s.b);
  const difference = summaryOf(differences);
  const spread = Math.max(
    spreadOf(
      bandA,
      seeds.map((s) => s.a),
    ),
    spreadOf(
      bandB,
      seeds.map((s) => s.b),
    ),
  );
  const agree = difference.min > 0 || difference.max < 0;
  const verdict =
    !agree || Math.abs(difference.mean) <= spread ? 'even' : difference.mean > 0 ? 'ahead' : 'behind';
  return {
    ...{ verdict, a, b, round: pa.round, remaining: pa.remaining, at },
    ...{ meanA: meanOf(seeds.map((s) => s.a)), meanB: meanOf(seeds.map((s) => s.b)), difference },
    ...{ seeds: seeds.length, ahead: differences.filter((d) => d > 0).length },
  };
}

/** Arms side by side, each with the one it is held against, round by round from the first pruning. */
function* versus(study: Study, series: readonly ArmSeries[]) {
  const against = (kindById(study.kind) as AnyKind).against ?? (() => 'ticket');
  for (const arm of series) {
    const other = against(arm.id);
    const reference = other === arm.id ? undefined : series.find(({ id }) => id === other);
    for (const b of reference ? arm.points : []) {
      const a = reference?.points.find(({ round }) => round === b.round);
      if (a && b.round > 0 && reference) yield { reference, arm, a, b };
    }
  }
}

/** Every arm against the one that its kind holds it against, at every round that a seed has finished in both. */
export const findings = (study: Study, series: readonly ArmSeries[]): Finding[] =>
  [...versus(study, series)].flatMap(({ reference, arm, a, b }) => compare(reference.id, arm.id, a, b) ?? []);

/** Where the papers look: at this share of the weights, or as near to it as the study has come. */
const LOOKED_AT = 0.036;
/**
 * One finding per arm for the statement in words: at the round whose size is nearest to 3.6 % (on a log scale) among
 * those that most seeds have finished. Chosen by size and never by result.
 */
export function headlines(all: readonly Finding[]): Finding[] {
  const byArm = new Map<string, Finding[]>();
  for (const finding of all) byArm.set(finding.b, [...(byArm.get(finding.b) ?? []), finding]);
  return [...byArm.values()].map((those) => {
    const seeds = Math.max(...those.map((f) => f.seeds));
    const far = ({ remaining }: Finding) => Math.abs(Math.log(remaining / LOOKED_AT));
    return those.filter((f) => f.seeds === seeds).reduce((best, f) => (far(f) < far(best) ? f : best));
  });
}

/** So many seeds must agree on having been measured before speed is spoken of: the step of the lowest loss varies by a third. */
export const SEEDS_FOR_SPEED = 3;

/**
 * How much sooner: only where at least three seeds have finished both arms and no lowest loss is the last one measured,
 * of neither arm: the step is a lower bound there, and a ratio of bounds says nothing.
 */
export function speed(a: ArmSeries, b: ArmSeries, round: number): SpeedFinding | undefined {
  const [pa, pb] = [a, b].map(({ points }) => points.find((p) => p.round === round));
  if (!pa?.stopStep || !pb?.stopStep || pa.censored > 0 || pb.censored > 0) return undefined;
  const ratios = pairsOf(pa.stopStep, pb.stopStep)
    .filter((s) => s.a > 0)
    .map((s) => s.b / s.a);
  if (ratios.length < SEEDS_FOR_SPEED) return undefined;
  const ratio = summaryOf(ratios);
  return { a: a.id, b: b.id, round, remaining: pa.remaining, ratio, seeds: ratios.length };
}
/** Speeds of all arms against theirs. */
export const speeds = (study: Study, series: readonly ArmSeries[]): SpeedFinding[] =>
  [...versus(study, series)].flatMap(({ reference, arm, b }) => speed(reference, arm, b.round) ?? []);
