/** Learning curves from rows: loss and validation accuracy over the steps, of all arms and replicates. */
import { armOf, cardOf } from '../../spec/location';
import { cardAt } from '../../spec/path';
import { type Experiment, isMethod, type Row } from '../../spec/types';
import { downsample } from './downsample';
import { forks, inOrder, onTrunk, trunksOf } from './order';
import { type Stay, timelineOf } from './timeline';

export interface CurvePoint {
  /** Training steps since the first training of the recipe. */
  x: number;
  loss?: number;
  accuracy?: number;
}
/** One training of one replicate, or the mean over all replicates. */
export interface Curve {
  /** Place as in rows. */
  at: string;
  /** Innermost arm that it belongs to; undefined where all arms share it. */
  arm?: string;
  /** From 0; undefined for the mean. */
  replicate?: number;
  /** Which training along the axis, from 0: arms side by side have the same. Lines do not run on into the next. */
  part: number;
  points: CurvePoint[];
}
/** Where cards that do not train sit between trainings of the trunk. */
export interface Mark {
  x: number;
  /** Places as in rows; empty where a training follows a training. */
  at: string[];
}
export interface Curves {
  /**
   * In the order of execution. With one replicate a curve for each training; with more, all of them and their
   * means, which are there only for steps that every replicate has been measured at.
   */
  curves: Curve[];
  /** Ends of each part on the axis. */
  parts: { from: number; to: number }[];
  marks: Mark[];
  /** All arms of the experiment, in order; empty without a fork. */
  arms: string[];
  /** Those seen in rows. */
  replicates: number[];
}

/**
 * @param rows rows of one experiment in any order; those of sweeps are left out
 * @param most largest number of points for the curve of one arm and replicate over all its trainings; those drawn
 * are some of those measured, ends and extremes of each training among them
 */
export function curvesOf(rows: readonly Row[], experiment: Experiment, most = 400): Curves {
  const places = placesOf(rows, experiment);
  const stays = [...places.values()];
  const starts = timelineOf(stays);
  const trainings = stays.filter(trains).sort((a, b) => inOrder(a.at, b.at));
  const begins = [...new Set(trainings.map((p) => starts.get(p.at) ?? 0))].sort((a, b) => a - b);
  const part = new Map(begins.map((x, i) => [x, i]));
  const replicates = [...new Set(trainings.flatMap((p) => [...p.runs.keys()]))].sort((a, b) => a - b);
  const total = trainings.reduce((sum, p) => Math.max(sum, (starts.get(p.at) ?? 0) + p.steps), 1);
  const curves = trainings.flatMap((place) => {
    const from = starts.get(place.at) ?? 0;
    const fit = { at: place.at, arm: armOf(place.at), part: part.get(from) ?? 0 };
    const points = Math.max(5, Math.round((most * place.steps) / total));
    return runsOf(place, experiment.replicates).map(([replicate, run]) => ({
      ...fit,
      replicate,
      points: drawn(run, from - place.first, points),
    }));
  });
  return {
    curves,
    parts: begins.map((from) => ({ from, to: endOf(trainings, starts, from) })),
    marks: marksOf(stays, starts, trunksOf(experiment)),
    arms: [...new Set(forks(experiment).flat())],
    replicates,
  };
}
const endOf = (trainings: readonly Stay[], starts: Map<string, number>, from: number) =>
  Math.max(...trainings.map((p) => (starts.get(p.at) === from ? from + p.steps : from)));

/** Measured values by step. */
interface Run {
  loss: Map<number, number>;
  accuracy: Map<number, number>;
}
interface PlaceRuns extends Stay {
  /** Step at which its rows begin. */
  first: number;
  /** By replicate. */
  runs: Map<number, Run>;
}
/** What was measured at each card; sweeps, the untrained network and ends of rounds say nothing here. */
function placesOf(rows: readonly Row[], experiment: Experiment): Map<string, PlaceRuns> {
  const places = new Map<string, PlaceRuns>();
  for (const r of rows) {
    let place = places.get(r.at);
    if (!place) {
      if (r.at === '' || r.at.endsWith(']') || r.at.includes('?')) continue;
      place = { at: r.at, steps: 0, first: firstStep(experiment, r.at), runs: new Map() };
      places.set(r.at, place);
    }
    place.steps = Math.max(place.steps, r.step - place.first);
    if (r.metric !== 'train.loss' && r.metric !== 'val.accuracy') continue;
    let run = place.runs.get(r.replicate);
    if (!run) {
      run = { loss: new Map(), accuracy: new Map() };
      place.runs.set(r.replicate, run);
    }
    run[r.metric === 'train.loss' ? 'loss' : 'accuracy'].set(r.step, r.value);
  }
  return places;
}
function firstStep(experiment: Experiment, at: string): number {
  const card = cardAt(experiment, cardOf(at));
  return card && isMethod(card) ? Number(card.with?.from ?? 0) : 0;
}
/** A training tells something before its first step already. */
const trains = (p: PlaceRuns): boolean => p.steps > 0 || p.runs.size > 0;
/** Every replicate, and their mean last, where `wanted` says that there are several. */
function runsOf({ runs }: PlaceRuns, wanted: number): [number | undefined, Run][] {
  const each = [...runs].sort(([a], [b]) => a - b);
  if (wanted < 2 || each.length < wanted) return each;
  const all = each.map(([, run]) => run);
  const mean = { loss: meanOf(all.map((r) => r.loss)), accuracy: meanOf(all.map((r) => r.accuracy)) };
  return mean.loss.size + mean.accuracy.size > 0 ? [...each, [undefined, mean]] : each;
}
function meanOf(all: readonly Map<number, number>[]): Map<number, number> {
  const steps = [...all[0].keys()].filter((step) => all.every((values) => values.has(step)));
  return new Map(
    steps.map((step) => [step, all.reduce((sum, v) => sum + (v.get(step) ?? 0), 0) / all.length]),
  );
}
/** Points of one training, loss and accuracy thinned each by itself. */
function drawn(run: Run, from: number, most: number): CurvePoint[] {
  const at = new Map<number, CurvePoint>();
  for (const metric of ['loss', 'accuracy'] as const) {
    const points = [...run[metric]].map(([step, y]) => ({ x: from + step, y })).sort((a, b) => a.x - b.x);
    for (const { x, y } of downsample(points, most)) at.set(x, { ...at.get(x), x, [metric]: y });
  }
  return [...at.values()].sort((a, b) => a.x - b.x);
}

function marksOf(
  stays: readonly PlaceRuns[],
  starts: Map<string, number>,
  trunks: ReadonlySet<string>,
): Mark[] {
  const marks: Mark[] = [];
  let between: string[] = [];
  let end = 0;
  const trunk = stays.filter((p) => onTrunk(p.at, trunks)).sort((a, b) => inOrder(a.at, b.at));
  for (const place of trunk) {
    if (!trains(place)) {
      between.push(place.at);
      continue;
    }
    const x = starts.get(place.at) ?? 0;
    if (x > 0) marks.push({ x, at: between });
    between = [];
    end = x + place.steps;
  }
  if (between.length > 0 && end > 0) marks.push({ x: end, at: between });
  return marks;
}
