/** Everything about a state that is computed and not measured. */

import { effectiveKernel } from '../methods/fake-quant';
import {
  channels,
  kernelName,
  kernelShape,
  kernelSize,
  layerMacs,
  originalName,
  uses,
  weightLayers,
} from '../models/build';
import type { NetState, WeightLayer } from '../models/types';
import { layout } from './stored/encode';
import { addBytes, NO_BYTES, type StoredTensor, sumBytes } from './stored/types';
import type { Facts, LayerFacts } from './types';

/**
 * One row per layer with weights of the unfactorized network; `bytes` is the file's length, header and batch norms
 * included.
 */
export function factsOf(state: NetState): Facts {
  const { bytes, parts, tensors } = layout(state);
  const stored = new Map(tensors.map((t) => [t.name, t]));
  const groups = new Map<string, WeightLayer[]>();
  for (const layer of weightLayers(state.arch)) {
    const name = originalName(layer.name);
    groups.set(name, [...(groups.get(name) ?? []), layer]);
  }
  const layers = [...groups].map(([name, those]) => row(state, name, those, stored));
  const sum = (of: (layer: LayerFacts) => number) => layers.reduce((total, layer) => total + of(layer), 0);
  const weights = sum((l) => l.weights);
  const kept = sum((l) => l.kept);
  const { removed = 0 } = state;
  const all = weights + removed;
  return {
    weights,
    kept,
    removed,
    sparsity: all === 0 ? 0 : (all - kept) / all,
    bytes,
    parts,
    normBytes: parts.norms,
    macs: sum((l) => l.macs),
    macsNonzero: weightLayers(state.arch).reduce((total, l) => total + keptOf(state, l) * uses(l), 0),
    layers,
  };
}

function row(
  state: NetState,
  name: string,
  parts: readonly WeightLayer[],
  stored: ReadonlyMap<string, StoredTensor>,
): LayerFacts {
  const [first] = parts;
  const last = parts[parts.length - 1];
  const thin = parts.length > 1;
  const kernels = parts.map((l) => stored.get(kernelName(l))!);
  // All biases are floats of equal width.
  const biasBytes = (stored.get('biases')?.bits ?? 0) / 8;
  const biases = parts.reduce((total, l) => total + (l.bias ? channels(l) * biasBytes : 0), 0);
  const inFile = kernels.map((t) => t.parts).reduce(addBytes, { ...NO_BYTES, biases });
  const sum = (of: (layer: WeightLayer) => number) => parts.reduce((total, l) => total + of(l), 0);
  return {
    name,
    kind: first.kind,
    shape: thin ? [kernelShape(first)[0], kernelShape(last)[1]] : kernelShape(first),
    weights: sum(kernelSize),
    kept: sum((l) => keptOf(state, l)),
    bits: Math.max(...parts.map((l) => state.quant[kernelName(l)]?.bits ?? 32)),
    rank: thin ? kernelShape(first)[1] : 0,
    bytes: sumBytes(inFile),
    parts: inFile,
    form: [...new Set(kernels.map((t) => t.form))].join(' + '),
    stored: kernels,
    macs: sum(layerMacs),
  };
}

/** Weights executed as something else than zero: neither pruned nor rounded to zero. */
function keptOf(state: NetState, layer: WeightLayer): number {
  let kept = 0;
  for (const w of effectiveKernel(state, layer)) if (w !== 0) kept++;
  return kept;
}
