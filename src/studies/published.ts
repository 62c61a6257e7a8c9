/**
 * What was published of the networks that studies are about, beside what a study gives in its place. Only figures that
 * could be read in the papers' text or counted again from an independent repetition; words: i18n `studies.claim`.
 */
import type { Citation } from '../models/types';
import { SEEDS_FOR_SPEED } from './findings';
import { studyValues } from './index';
import { CITED } from './protocol';
import { meanOf, pairsOf, summaryOf } from './stats';
import type { ArmPoint, ArmSeries, Band, Study } from './types';

/** `points`: a difference of accuracies, 0.01 = one point; `times`: a ratio; `fraction`: an accuracy or a share. */
export type FigureUnit = 'points' | 'times' | 'fraction';
export interface Figure {
  value: number;
  min?: number;
  max?: number;
  /** How the source puts it; absent: just so. */
  bound?: 'above' | 'upTo';
}
export interface Ours extends Required<Omit<Figure, 'bound'>> {
  seeds: number;
}
/** Why there is nothing of ours: i18n `studies.missing`. */
export type Missing = 'size' | 'seeds' | 'censored' | 'arm';
export interface Claim {
  id: 'gain' | 'level' | 'reinit' | 'sooner' | 'earlier' | 'bestEnd' | 'supermask' | 'learned';
  unit: FigureUnit;
  /** Weights remaining / weights at which it is claimed; absent: of all sizes. */
  remaining?: number;
  paper: Figure;
  /** The same, measured by others. */
  repeated?: Figure;
}
export interface Compared extends Claim {
  here?: Ours;
  missing?: Missing;
}
/** What was done otherwise there: i18n `studies.differs`. */
export interface Difference {
  code: 'steps' | 'seeds' | 'draws' | 'lr' | 'batch' | 'optimizer' | 'rate' | 'best' | 'drawn';
  values: Readonly<Record<string, string | number>>;
}
export interface PublishedAndHere {
  claims: Compared[];
  paper: Citation;
  repeated?: Citation;
  differences: Difference[];
}

/** Nobody's paper: an independent repetition with five seeds and its protocol fixed beforehand. */
const REPETITION: Citation = {
  text: 'repro-lottery-ticket: LeNet-300-100, five seeds, 50,000 steps a round',
  url: 'https://github.com/kowshikgunda71/repro-lottery-ticket',
};

/** Of the paper's last version (v5, ICLR): earlier ones print other numbers. */
const FRANKLE: readonly Claim[] = [
  {
    id: 'gain',
    unit: 'points',
    remaining: 0.1352,
    paper: { value: 0.003, bound: 'above' },
    repeated: { value: 0.0021, min: -0.0005, max: 0.0039 },
  },
  { id: 'level', unit: 'points', remaining: 0.0358, paper: { value: 0 }, repeated: { value: 0.0011 } },
  { id: 'reinit', unit: 'points', remaining: 0.2107, paper: { value: 0.005 }, repeated: { value: 0.0039 } },
  {
    id: 'sooner',
    unit: 'times',
    remaining: 0.2107,
    paper: { value: 2.51 },
    repeated: { value: 1.94, min: 1.54, max: 3.19 },
  },
  {
    id: 'earlier',
    unit: 'fraction',
    remaining: 0.2107,
    paper: { value: 0.38 },
    repeated: { value: 0.214, min: -0.026, max: 0.467 },
  },
  { id: 'bestEnd', unit: 'points', paper: { value: 0.0035, bound: 'upTo' }, repeated: { value: 0.0028 } },
];
/** The abstract's numbers, and that of learned masks on the initial weights without rescaling. */
const SUPERMASK: Record<string, Claim> = {
  'lenet-300-100': { id: 'supermask', unit: 'fraction', paper: { value: 0.86 } },
  'conv-6': { id: 'supermask', unit: 'fraction', paper: { value: 0.41 } },
};
const LEARNED: Record<string, Claim> = {
  'lenet-300-100': { id: 'learned', unit: 'fraction', paper: { value: 0.953 } },
  'conv-4': { id: 'learned', unit: 'fraction', paper: { value: 0.654 } },
};
const DATA: Record<string, string> = { 'lenet-300-100': 'mnist', 'conv-4': 'cifar-10', 'conv-6': 'cifar-10' };

const oursOf = (values: readonly number[]): Ours => {
  const { mean: value, min, max } = summaryOf(values);
  return { value, min, max, seeds: values.length };
};
/** Seed by seed, draws averaged. */
const paired = (a: Band | undefined, b: Band | undefined, of: (a: number, b: number) => number): number[] =>
  pairsOf(a, b).map((seed) => of(seed.a, seed.b));
const minus = (a: number, b: number): number => a - b;

/** Sizes of other ladders are as good where they are this near, as a ratio. */
const NEAR = 1.1;
function pointAt(series: ArmSeries | undefined, remaining: number): ArmPoint | undefined {
  const off = ({ remaining: here }: ArmPoint) => Math.abs(Math.log(here / remaining));
  const best = series?.points.reduce<ArmPoint | undefined>(
    (a, p) => (a && off(a) <= off(p) ? a : p),
    undefined,
  );
  return best && off(best) <= Math.log(NEAR) ? best : undefined;
}
type Answer = { here: Ours } | { missing: Missing };
const answer = (values: readonly number[]): Answer =>
  values.length > 0 ? { here: oursOf(values) } : { missing: 'size' };

/** Ratio of steps: as findings have it, never of few seeds, never of trainings that might have gone on falling. */
function raced(a: ArmPoint, b: ArmPoint, of: (a: number, b: number) => number): Answer {
  if (a.censored > 0 || b.censored > 0) return { missing: 'censored' };
  const values = paired(a.stopStep, b.stopStep, of).filter(Number.isFinite);
  return values.length < SEEDS_FOR_SPEED ? { missing: 'seeds' } : { here: oursOf(values) };
}

function ofTickets({ id, remaining = 1 }: Claim, series: readonly ArmSeries[]): Answer {
  const find = (arm: string) => series.find((s) => s.id === arm);
  const [ticket, reinit] = [find('ticket'), find('reinit')];
  const dense = ticket?.points.find(({ round }) => round === 0);
  if (!ticket || !dense) return { missing: 'size' };
  if (id === 'bestEnd') {
    const gains = ticket.points.filter(({ round }) => round > 0).map((p) => paired(p.end, dense.end, minus));
    const most = Math.max(0, ...gains.map((g) => g.length));
    const full = gains.filter((g) => g.length === most && most > 0);
    return answer(
      full.reduce<number[]>((best, g) => (best.length && meanOf(best) >= meanOf(g) ? best : g), []),
    );
  }
  const point = pointAt(ticket, remaining);
  if (!point) return { missing: 'size' };
  if (id === 'gain' || id === 'level')
    return answer(paired(point.stop ?? point.end, point.stop ? dense.stop : dense.end, minus));
  if (id === 'earlier') return raced(point, dense, (a, b) => 1 - a / b);
  const other = reinit?.points.find(({ round }) => round === point.round);
  if (!reinit) return { missing: 'arm' };
  if (!other) return { missing: 'size' };
  if (id === 'sooner') return raced(point, other, (a, b) => b / a);
  const both = point.stop && other.stop ? 'stop' : 'end';
  return answer(paired(point[both], other[both], minus));
}

/** The best of all criteria and sizes, on initial weights or signed constants, by its mean. */
function bestSupermask(series: readonly ArmSeries[]): Answer {
  const bands = series
    .filter(({ id }) => /\/(init|constant)$/.test(id))
    .flatMap(({ points }) => points.flatMap(({ end }) => end ?? []));
  if (bands.length === 0) return { missing: 'size' };
  const best = bands.reduce((a, b) => (a.mean >= b.mean ? a : b));
  return answer([...best.each.values()].map(meanOf));
}
function learnedMask(series: readonly ArmSeries[]): Answer {
  const arm = series.find(({ id }) => id === 'bernoulli-init');
  const end = arm?.points[0]?.end;
  return end ? answer([...end.each.values()].map(meanOf)) : { missing: 'arm' };
}

/** Undefined where nothing was published that could stand here. */
export function publishedAndHere(study: Study, series: readonly ArmSeries[]): PublishedAndHere | undefined {
  const { kind, model, data } = study;
  if (DATA[model] !== data) return undefined;
  if (kind === 'tickets' && model === 'lenet-300-100') {
    const claims = FRANKLE.map((claim) => ({ ...claim, ...ofTickets(claim, series) }));
    return { claims, paper: CITED.frankle, repeated: REPETITION, differences: differences(study) };
  }
  const claim = kind === 'criteria' ? SUPERMASK[model] : kind === 'supermasks' ? LEARNED[model] : undefined;
  if (!claim) return undefined;
  const found = kind === 'criteria' ? bestSupermask(series) : learnedMask(series);
  const code = kind === 'criteria' ? 'best' : 'drawn';
  return { claims: [{ ...claim, ...found }], paper: CITED.zhou, differences: [{ code, values: {} }] };
}

/** The paper's protocol, where the study's differs. */
function differences(study: Study): Difference[] {
  const values = studyValues(study) as Record<string, string | number>;
  const pairs: [Difference['code'], string | number, string | number][] = [
    ['steps', 50_000, values.steps],
    ['seeds', 5, study.replicates],
    ['draws', 3, values.reinit ? values.draws : 0],
    ['optimizer', 'adam', values.optimizer],
    ['lr', 0.0012, values.lr],
    ['batch', 60, values.batch],
    ['rate', 20, Math.round(100 * Number(values.rate))],
  ];
  return pairs
    .filter(([, theirs, ours]) => theirs !== ours)
    .map(([code, theirs, ours]) => ({ code, values: { theirs, ours } }));
}
