/**
 * How the sizes of kernel weights are distributed, at every validation of a training: counts of |w| in bins of equal
 * ratio, and exact zeros apart. The bins are the same for all, so that nothing has to be known in advance.
 */
import { kernelName, weightLayers } from '../models/build';
import type { Arch, Tensors } from '../models/types';
import { type HistoryPlace, SMALL, type WeightHistory } from '../worker/api-history';

/** |w| from 10^LOW to 10^HIGH; what is smaller or larger is counted at the ends. */
const [LOW, HIGH] = [-7, 1];
const PER_DECADE = 8;
const BINS = (HIGH - LOW) * PER_DECADE;
/** More snapshots than this are thinned to every second. */
const MOST = 60;

/** Edges of the bins, BINS + 1; powers of ten are among them. */
export const historyEdges = (): number[] =>
  Array.from({ length: BINS + 1 }, (_, i) => 10 ** (LOW + i / PER_DECADE));

export class HistoryTaker {
  #history: WeightHistory;
  readonly #layers: readonly { name: string; kernel: string }[];

  /** @param saved goes on from there */
  constructor(arch: Arch, saved?: WeightHistory) {
    this.#layers = weightLayers(arch).map((layer) => ({ name: layer.name, kernel: kernelName(layer) }));
    this.#history = saved ?? {
      steps: [],
      edges: historyEdges(),
      layers: weightLayers(arch).map(({ name }) => ({ layer: name, zeros: [], counts: [] })),
    };
  }
  get taken(): WeightHistory {
    return this.#history;
  }

  /** @param tensors after `step` steps, pruned weights zero and gates multiplied in; as they were before rounding */
  add(step: number, tensors: Tensors): void {
    const { steps, edges, layers } = this.#history;
    const next = layers.map(({ layer, zeros, counts }, i) => {
      const found = countSizes(tensors[this.#layers[i].kernel]);
      return { layer, zeros: [...zeros, found.zeros], counts: [...counts, found.counts] };
    });
    this.#history = thinned({ steps: [...steps, step], edges, layers: next });
  }
}

/** Every second snapshot, the first and the newest among them, once there are too many. */
function thinned({ steps, edges, layers }: WeightHistory): WeightHistory {
  if (steps.length <= MOST) return { steps, edges, layers };
  const last = steps.length - 1;
  const keep = <T>(all: readonly T[]): T[] => all.filter((_, i) => i % 2 === last % 2 || i === 0);
  return {
    steps: keep(steps),
    edges,
    layers: layers.map(({ layer, zeros, counts }) => ({ layer, zeros: keep(zeros), counts: keep(counts) })),
  };
}

/** Weights that are not finite are counted in the last bin. */
export function countSizes(weights: Float32Array): { zeros: number; counts: Uint32Array } {
  const counts = new Uint32Array(BINS);
  let zeros = 0;
  for (const w of weights) {
    if (w === 0) zeros++;
    else {
      const bin = Math.floor((Math.log10(Math.abs(w)) - LOW) * PER_DECADE);
      counts[bin >= 0 && bin < BINS ? bin : bin < 0 ? 0 : BINS - 1]++;
    }
  }
  return { zeros, counts };
}

/** Of the last snapshot, all layers together. */
export function endOf({ layers, edges }: WeightHistory): Pick<HistoryPlace, 'zeros' | 'small' | 'weights'> {
  const below = edges.findIndex((edge) => edge > SMALL * 0.999);
  const sum = { zeros: 0, small: 0, weights: 0 };
  for (const { zeros, counts } of layers) {
    const [none, last] = [zeros[zeros.length - 1], counts[counts.length - 1]];
    sum.zeros += none;
    sum.small += last.subarray(0, below).reduce((a, b) => a + b, 0);
    sum.weights += none + last.reduce((a, b) => a + b, 0);
  }
  return sum;
}
