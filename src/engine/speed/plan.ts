/** What a study measures, in which order: few points of everything first, then what lies between. */
import {
  evenRank,
  isNetwork,
  rankLayers,
  SPEED_BATCHES,
  type SpeedSubject,
  speedArch,
  speedMacs,
} from '../../catalog/speed';
import { weightLayers } from '../../models/build';
import type { Arch, DenseLayer, QuantSpec } from '../../models/types';
import type { SpeedPoint, SpeedWish } from '../../worker/api';
import { narrowed, type Pattern, removed, thinned } from './patterns';

/** One contestant: how it is made, and what it is called on the axes. */
export type Entry = Pick<SpeedPoint, 'subject' | 'series' | 'axis' | 'x' | 'batch'> & {
  /** Dense layers of this architecture, where it is not the subject's own. */
  readonly arch?: () => Arch;
  readonly pattern?: Pattern;
};
/** Contestants that are timed in turn with one dense network. */
export interface Heat {
  readonly subject: SpeedSubject;
  readonly batch: number;
  readonly entries: readonly Entry[];
}

const COARSE = [0.5, 0.8, 0.95];
/** Shares of the rank at which the arithmetic of two thin layers equals the dense layer's. */
const COARSE_RANKS = [0.125, 0.5];
const FINE_RANKS = [0.25, 1];
/** Contestants in one heat: more would share one dense network, but lie further from it in time. */
const HEAT = 6;
/** A pass with more multiply-accumulates than this is so long that few contestants have to do. */
const LONG = 3e8;

const symmetric = (bits: number): QuantSpec => ({ bits, scheme: 'symmetric', granularity: 'channel' });

type Draft = Omit<Entry, 'subject' | 'batch'>;
const sparse = (series: 'csr' | 'block4' | 'bitmap', x: number): Draft => ({
  series,
  axis: 'sparsity',
  x,
  pattern: { sparsity: x, block: series === 'block4' ? 4 : 1 },
});
const grouped = (n: number, m: number): Draft => ({
  series: 'nm',
  axis: 'sparsity',
  x: 1 - n / m,
  pattern: { groups: [n, m] },
});
const masked = (x: number): Draft => ({ series: 'masked', axis: 'sparsity', x, pattern: { sparsity: x } });
const coded = (series: Entry['series'], bits: number): Draft => ({
  series,
  axis: 'bits',
  x: bits,
  pattern: { quant: symmetric(bits) },
});
function fewer(arch: Arch, keep: number): Draft {
  const x = Number(removed(arch, narrowed(arch, keep), { masks: {} }).toFixed(4));
  return { series: 'channels', axis: 'sparsity', x, arch: () => narrowed(arch, keep) };
}
/** Ranks of the largest layer; layers that would not get fewer multiply-accumulates by it stay as they are. */
function thin(subject: SpeedSubject, shares: readonly number[]): Draft[] {
  const arch = speedArch(subject);
  const names = rankLayers(arch);
  const layers = weightLayers(arch).filter((l): l is DenseLayer => names.includes(l.name));
  const even = (l: DenseLayer) => evenRank(l.in, l.out);
  const largest = Math.max(0, ...layers.map(even));
  if (largest === 0) return [];
  return shares.map((share) => {
    const rank = Math.max(1, Math.round(share * largest));
    const some = layers.filter((l) => !isNetwork(subject) || rank < even(l)).map((l) => l.name);
    return { series: 'low-rank', axis: 'rank', x: rank, arch: () => thinned(arch, some, rank) };
  });
}

function coarse(subject: SpeedSubject): Draft[] {
  const arch = speedArch(subject);
  return [
    { series: 'tfjs', axis: 'sparsity', x: 0 },
    masked(0.8),
    ...COARSE.flatMap((x) => [sparse('csr', x), sparse('block4', x)]),
    sparse('bitmap', 0.8),
    grouped(2, 4),
    fewer(arch, 0.5),
    coded('int8', 8),
    coded('int8-weights', 8),
    coded('int4', 4),
    coded('codebook', 4),
    coded('xnor', 1),
    ...thin(subject, COARSE_RANKS),
  ];
}
function fine(subject: SpeedSubject): Draft[] {
  const arch = speedArch(subject);
  return [
    ...[0.5, 0.95].map((x) => sparse('bitmap', x)),
    ...[0.9, 0.7, 0.98].map((x) => sparse('csr', x)),
    ...[0.9, 0.3, 0.65].map((x) => sparse('block4', x)),
    sparse('bitmap', 0.7),
    fewer(arch, 0.25),
    ...thin(subject, FINE_RANKS),
  ];
}
/** For what takes long per contestant. */
function scant(subject: SpeedSubject): Draft[] {
  const arch = speedArch(subject);
  const skipping = [sparse('csr', 0.8), sparse('csr', 0.95), sparse('block4', 0.8)];
  return [...skipping, fewer(arch, 0.5), coded('int8', 8)];
}

export const keyOf = ({ subject, series, axis, x, batch }: Omit<Entry, 'arch' | 'pattern'>): string =>
  [subject, series, axis, x, batch].join('/');

/** The whole study as heats, in order; without what is there already. */
export function planStudy({ subjects, depth, have }: SpeedWish): Heat[] {
  const known = new Set(have.map(keyOf));
  const heats = (of: (subject: SpeedSubject) => Draft[], long: boolean): Heat[] =>
    subjects.flatMap((subject) =>
      SPEED_BATCHES.flatMap((batch) => {
        if (speedMacs(subject) * batch > LONG !== long) return [];
        const entries = of(subject)
          .map((draft): Entry => ({ ...draft, subject, batch }))
          .filter((entry) => !known.has(keyOf(entry)));
        return chunks(entries, HEAT).map((some) => ({ subject, batch, entries: some }));
      }),
    );
  const first = [...heats(coarse, false), ...heats(scant, true)];
  return depth === 'coarse' ? first : [...first, ...heats(fine, false)];
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, i) => all.slice(i * size, (i + 1) * size));
}
