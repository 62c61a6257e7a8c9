/** Lines of a study over seeds, as the view draws them, from its rows. */
import type { Metric, Row } from '../spec/types';
import { partings } from './connectivity';
import { partHash, partsOf, studyValues } from './index';
import { instability, lineAlphas, STABLE } from './line';
import { bandOf } from './series';
import { type Band, lineAt, type Study, type StudyPart } from './types';

/** What is drawn along the line: error on test or validation images, or the loss on the latter. */
export type LineOf = 'test' | 'val' | 'loss';
const METRIC: Record<LineOf, Metric> = { test: 'test.accuracy', val: 'val.accuracy', loss: 'val.loss' };

/** Copies that part at one step. */
export interface LineSeries {
  part: string;
  /** Step at which the two copies part. */
  k: number;
  /** In the order of alpha; those that some seed has. */
  points: { alpha: number; band: Band }[];
  /** Over the seeds whose line is complete. */
  instability?: Band;
  /** Of the same seeds: mean of the two ends. */
  ends?: Band;
}

/**
 * One series for each step at which copies part, ascending, whether there are rows of it or not.
 * @param study of kind `connectivity`
 */
export function lineSeries(study: Study, rows: readonly Row[], of: LineOf): LineSeries[] {
  const steps = partings(studyValues(study) as Parameters<typeof partings>[0]);
  const told = rows.filter(({ metric, at }) => metric === METRIC[of] && at.includes('?'));
  return partsOf(study).map((part, i) => {
    const hash = partHash(part);
    return seriesOf(
      part,
      steps[i],
      told.filter(({ exp }) => exp === hash),
      of,
    );
  });
}
function seriesOf(part: StudyPart, k: number, rows: readonly Row[], of: LineOf): LineSeries {
  const alphas = lineAlphas(part.line?.points ?? 0);
  const at = new Map(alphas.map((alpha) => [lineAt(alpha), alpha]));
  /** By replicate and alpha. */
  const lines = new Map<number, Map<number, number>>();
  for (const row of rows) {
    const alpha = at.get(row.at);
    if (alpha === undefined) continue;
    const line = lines.get(row.replicate) ?? new Map<number, number>();
    lines.set(row.replicate, line.set(alpha, of === 'loss' ? row.value : 1 - row.value));
  }
  const seeds = [...lines].sort(([a], [b]) => a - b);
  const points = alphas.flatMap((alpha) => {
    const there = seeds.flatMap(([replicate, line]) => {
      const value = line.get(alpha);
      return value === undefined ? [] : [[replicate, [value]] as const];
    });
    const band = bandOf(new Map(there));
    return band ? [{ alpha, band }] : [];
  });
  const complete = seeds.filter(([, line]) => line.size === alphas.length);
  const over = (of: (line: Map<number, number>) => number) =>
    bandOf(new Map(complete.map(([replicate, line]) => [replicate, [of(line)]])));
  const rise = over((line) => instability([...line].map(([alpha, value]) => ({ alpha, value }))) as number);
  const ends = over((line) => ((line.get(0) as number) + (line.get(1) as number)) / 2);
  return { part: part.id, k, points, ...(rise && { instability: rise }), ...(ends && { ends }) };
}
/**
 * Whether the copies of every seed have learnt something: at their ends they make at most so large a share of the errors
 * that a guess makes. Between networks that have not, any line is flat.
 * @param classes of the data
 */
export const hasLearnt = ({ ends }: LineSeries, classes: number): boolean =>
  ends !== undefined && ends.max < LEARNT * (1 - 1 / classes);
const LEARNT = 0.8;

export interface Stability {
  /** The first measured step from which on every measured line is flat; absent: there is none so far. */
  from?: number;
  /** Fewest seeds behind any of the lines. */
  seeds: number;
}
/**
 * From which step on the error rises by less than STABLE on the way, in every seed. Undefined where nothing is measured, or
 * where copies have not learnt.
 */
export function stability(series: readonly LineSeries[], classes: number): Stability | undefined {
  const lines = series.filter((one) => one.instability);
  const measured = lines.flatMap(({ k, instability: band }) => (band ? [{ k, band }] : []));
  if (measured.length === 0 || !lines.every((one) => hasLearnt(one, classes))) return undefined;
  const seeds = Math.min(...measured.map(({ band }) => band.each.size));
  const last = measured.findLastIndex(({ band }) => band.max >= STABLE);
  const first = measured[last + 1];
  return { seeds, ...(first && { from: first.k }) };
}
