/** What a study of learned masks says beyond its series: masks that were drawn, and how long ours were trained. */
import { datasetOf } from '../../catalog';
import type { Row } from '../../spec/types';
import { studyValues } from '../../studies';
import { publishedAndHere } from '../../studies/published';
import { bandOf } from '../../studies/series';
import { armSpots } from '../../studies/spots';
import type { ArmSeries, Band, Study } from '../../studies/types';

/** Of one arm, both on the validation images: the mask that comes out, and the mean over masks drawn at the end. */
export interface Drawn {
  likely?: Band;
  sampled?: Band;
}

/** By arm; arms whose masks are not drawn have no entry. */
export function drawnMasks(study: Study, rows: readonly Row[]): ReadonlyMap<string, Drawn> {
  const found = new Map<string, Drawn>();
  for (const { arm, rounds } of armSpots(study)) {
    const here = [...rounds.values()].flat();
    const own = rows.filter((r) => here.some(({ exp, at }) => r.exp === exp && r.at === at));
    const sampled = own.filter((r) => r.metric === 'sampled.accuracy');
    if (sampled.length === 0) continue;
    const ends = sampled.flatMap(({ replicate, step }) =>
      own.filter((r) => r.metric === 'val.accuracy' && r.replicate === replicate && r.step === step),
    );
    found.set(arm, { sampled: band(sampled), likely: band(ends) });
  }
  return found;
}
/** A row told twice counts once. */
const band = (rows: readonly Row[]): Band | undefined =>
  bandOf(new Map(rows.map(({ replicate, value }) => [replicate, [value]])));

/** The paper's number for the arm that it is about: Bernoulli masks on initial weights, without rescaling. */
export function publishedAt(
  study: Study,
  series: readonly ArmSeries[],
): { arm: string; value: number } | undefined {
  const claim = publishedAndHere(study, series)?.claims.find(({ id }) => id === 'learned');
  return claim && { arm: 'bernoulli-init', value: claim.paper.value };
}

/** Epochs of the paper's fully connected network. */
export const PAPER_EPOCHS = 2000;
export function epochsOf(study: Study): number | undefined {
  const { steps, batch } = studyValues(study) as { steps?: number; batch?: number };
  const images = datasetOf(study.data)?.counts.train;
  return steps && batch && images ? (steps * batch) / images : undefined;
}
