/** Learning curves from rows: loss and validation accuracy over the training steps of the trunk. */
import { sweepOf } from '../../spec/location';
import type { Experiment, Row } from '../../spec/types';
import { downsample } from './downsample';
import { inOrder, onTrunk, trunksOf } from './order';

export interface CurvePoint {
  /** Training steps since the first training of the recipe. */
  x: number;
  /** Which training of the trunk it belongs to, from 0: lines do not run from one into the next. */
  part: number;
  loss?: number;
  accuracy?: number;
}
/** Where cards that do not train sit between trainings. */
export interface Mark {
  x: number;
  /** Places as in rows; empty where a training follows a training. */
  at: string[];
}
export interface Curves {
  points: CurvePoint[];
  /** Number of trainings begun. */
  parts: number;
  marks: Mark[];
  /** Replicate that is drawn. */
  replicate: number;
}

/**
 * @param rows rows of one experiment in any order; rows of sweeps and control arms are left out
 * @param most largest number of points per curve; those drawn are some of those measured, never means
 */
export function curvesOf(rows: readonly Row[], experiment: Experiment, most = 400): Curves {
  const trunks = trunksOf(experiment);
  const own = rows.filter((r) => !sweepOf(r.at) && onTrunk(r.at, trunks));
  const replicate = own.reduce(
    (least, r) => Math.min(least, r.replicate),
    own.length ? Number.POSITIVE_INFINITY : 0,
  );
  const places = placesOf(own.filter((r) => r.replicate === replicate));
  const starts = new Map<string, { x: number; part: number }>();
  const marks: Mark[] = [];
  let x = 0;
  let between: string[] = [];
  for (const place of places) {
    if (place.steps === 0) {
      between.push(place.at);
      continue;
    }
    if (x > 0 || between.length > 0) marks.push({ x, at: between });
    between = [];
    starts.set(place.at, { x, part: starts.size });
    x += place.steps;
  }
  if (between.length > 0 && x > 0) marks.push({ x, at: between });
  const series = (metric: Row['metric']) =>
    downsample(
      own
        .flatMap((r) => {
          const start = r.metric === metric && r.replicate === replicate ? starts.get(r.at) : undefined;
          return start ? [{ x: start.x + r.step, y: r.value, part: start.part }] : [];
        })
        .sort(inTime),
      most,
    );
  return {
    points: merge(series('train.loss'), series('val.accuracy')),
    parts: starts.size,
    marks: marks.filter((m) => m.x > 0),
    replicate,
  };
}
const inTime = (a: Timed, b: Timed) => a.part - b.part || a.x - b.x;
type Timed = Pick<CurvePoint, 'x' | 'part'>;

/** Distinct places in order of execution, with the steps trained there (0 for cards that do not train). */
function placesOf(rows: readonly Row[]): { at: string; steps: number }[] {
  const steps = new Map<string, number>();
  for (const r of rows) {
    if (r.at === '' || r.at.endsWith(']')) continue;
    steps.set(r.at, Math.max(steps.get(r.at) ?? 0, r.step));
  }
  return [...steps].map(([at, n]) => ({ at, steps: n })).sort((a, b) => inOrder(a.at, b.at));
}
function merge(loss: (Timed & { y: number })[], accuracy: (Timed & { y: number })[]): CurvePoint[] {
  const at = new Map<string, CurvePoint>();
  const key = ({ part, x }: Timed) => `${part}:${x}`;
  for (const { y, ...p } of loss) at.set(key(p), { ...p, loss: y });
  for (const { y, ...p } of accuracy) at.set(key(p), { ...at.get(key(p)), ...p, accuracy: y });
  return [...at.values()].sort(inTime);
}
