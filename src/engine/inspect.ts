/** What the inspector draws of a state: histograms of effective weights, and where the kept ones sit. */
import { effectiveKernel } from '../methods/fake-quant';
import { kernelName, originalName, thinNames, weightLayers } from '../models/build';
import type { NetState, WeightLayer } from '../models/types';
import type { Histogram, Inspection } from '../worker/api';
import { effective } from './state';

const BINS = 61;

export function inspect(state: NetState, dense: NetState): Inspection {
  const before = effective(dense.arch, dense);
  const after = effective(state.arch, state);
  const histograms = weightLayers(dense.arch).map((layer) => {
    const old = before[kernelName(layer)];
    return histogram(layer.name, old, after[kernelName(layer)] ?? product(layer, state, after) ?? old);
  });
  const kept = keptPerInput(state);
  return { histograms, ...(kept && { keptPerInput: kept }) };
}

function histogram(layer: string, before: Float32Array, after: Float32Array): Histogram {
  const reach = (w: Float32Array) => w.reduce((m, x) => Math.max(m, Math.abs(x)), 0);
  const limit = Math.max(reach(before), reach(after), 1e-9);
  const edges = Array.from({ length: BINS + 1 }, (_, i) => -limit + (2 * limit * i) / BINS);
  const count = (w: Float32Array, zeros: boolean) => {
    const bins = new Array<number>(BINS).fill(0);
    for (const x of w) {
      if (x === 0 && !zeros) continue;
      bins[Math.min(BINS - 1, Math.max(0, Math.floor(((x + limit) / (2 * limit)) * BINS)))]++;
    }
    return bins;
  };
  const zeros = after.reduce((n, x) => n + (x === 0 ? 1 : 0), 0);
  return { layer, edges, before: count(before, true), after: count(after, false), zeros };
}

/** The matrix that a pair of thin layers stands for, which may have fewer units than the layer once had. */
function product(layer: WeightLayer, state: NetState, tensors: Record<string, Float32Array>) {
  const names = thinNames(layer.name);
  const [first, last] = names.map((name) => state.arch.layers.find((l) => l.name === name));
  if (first?.kind !== 'dense' || last?.kind !== 'dense') return undefined;
  const [u, v] = names.map((name) => tensors[kernelName({ name })]);
  const out = new Float32Array(first.in * last.out);
  for (let i = 0; i < first.in; i++) {
    for (let r = 0; r < first.out; r++) {
      const a = u[i * first.out + r];
      for (let j = 0; j < last.out; j++) out[i * last.out + j] += a * v[r * last.out + j];
    }
  }
  return out;
}

function keptPerInput(state: NetState): Inspection['keptPerInput'] {
  const [height, width, channels] = state.arch.input;
  const first = weightLayers(state.arch)[0];
  if (first.kind !== 'dense' || originalName(first.name) !== first.name) return undefined;
  const kernel = effectiveKernel(state, first);
  // Channels of a pixel lie side by side (NHWC), and so do their rows of the kernel.
  const max = channels * first.out;
  const counts = Array.from({ length: height * width }, (_, i) =>
    kernel.subarray(i * max, (i + 1) * max).reduce((n, w) => n + (w === 0 ? 0 : 1), 0),
  );
  return { height, width, counts, max };
}
