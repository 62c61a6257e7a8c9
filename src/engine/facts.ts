/** Everything about a state that is computed and not measured. */

import { effectiveKernel } from '../methods/fake-quant';
import {
  biasName,
  kernelName,
  kernelShape,
  kernelSize,
  layerMacs,
  originalName,
  uses,
  weightLayers,
} from '../models/build';
import type { NetState, WeightLayer } from '../models/types';
import { layout, normForms } from './stored/encode';
import { bytesOf, type StoredTensor as Plan } from './stored/forms';
import { addBytes, NO_BYTES, type StoredForm, type StoredTensor } from './stored/types';
import type { Facts, LayerFacts } from './types';

/**
 * One row per layer with weights of the unfactorized network; `bytes` is the file's length, header and batch norms
 * included.
 */
export function factsOf(state: NetState): Facts {
  const { bytes, header, tensors } = layout(state);
  const stored = new Map(tensors.map((t) => [t.name, t]));
  const groups = new Map<string, WeightLayer[]>();
  for (const layer of weightLayers(state.arch)) {
    const name = originalName(layer.name);
    groups.set(name, [...(groups.get(name) ?? []), layer]);
  }
  const layers = [...groups].map(([name, parts]) => row(state, name, parts, stored));
  const sum = (of: (layer: LayerFacts) => number) => layers.reduce((total, layer) => total + of(layer), 0);
  const normBytes = normForms(state.arch).reduce((total, t) => total + bytesOf(t), 0);
  const weights = sum((l) => l.weights);
  const kept = sum((l) => l.kept);
  return {
    weights,
    kept,
    sparsity: weights === 0 ? 0 : (weights - kept) / weights,
    bytes,
    parts: layers
      .map((l) => l.parts)
      .reduce(addBytes, { ...NO_BYTES, norms: normBytes, header: 8 + header.length }),
    normBytes,
    macs: sum((l) => l.macs),
    macsNonzero: weightLayers(state.arch).reduce((total, l) => total + keptOf(state, l) * uses(l), 0),
    layers,
  };
}

function row(
  state: NetState,
  name: string,
  parts: readonly WeightLayer[],
  stored: ReadonlyMap<string, Plan>,
): LayerFacts {
  const [first] = parts;
  const last = parts[parts.length - 1];
  const thin = parts.length > 1;
  const kernels = parts.map((l) => stored.get(kernelName(l))!);
  const biases = parts.flatMap((l) => stored.get(biasName(l)) ?? []);
  const sum = (of: (layer: WeightLayer) => number) => parts.reduce((total, l) => total + of(l), 0);
  return {
    name,
    kind: first.kind,
    shape: thin ? [kernelShape(first)[0], kernelShape(last)[1]] : kernelShape(first),
    weights: sum(kernelSize),
    kept: sum((l) => keptOf(state, l)),
    bits: Math.max(...kernels.map((t) => t.bits)),
    rank: thin ? kernelShape(first)[1] : 0,
    bytes: [...kernels, ...biases].reduce((total, t) => total + bytesOf(t), 0),
    parts: kernels
      .map((t) => told(t, 0).parts)
      .reduce(addBytes, {
        ...NO_BYTES,
        biases: biases.reduce((total, t) => total + bytesOf(t), 0),
      }),
    form: [...new Set(kernels.map((t) => told(t, 0).form))].join(' + '),
    stored: parts.map((l) => told(stored.get(kernelName(l))!, kernelSize(l))),
    macs: sum(layerMacs),
  };
}

/** Until the file has more forms than these. */
function told({ name, form, count, bits, gap, parts }: Plan, entries: number): StoredTensor {
  const spelled = (form === 'packed' ? 'dense-packed' : form) as StoredForm;
  const all = spelled.startsWith('dense');
  return {
    name,
    form: spelled,
    entries,
    stored: all ? entries : count,
    bits,
    indexBits: all ? 0 : gap || 1,
    fields: all ? 0 : gap > 0 ? Math.floor((parts.indices * 8) / gap) : entries,
    coding: { values: 'raw', indices: 'raw' },
    parts: { ...NO_BYTES, ...parts },
  };
}

/** Weights executed as something else than zero: neither pruned nor rounded to zero. */
function keptOf(state: NetState, layer: WeightLayer): number {
  let kept = 0;
  for (const w of effectiveKernel(state, layer)) if (w !== 0) kept++;
  return kept;
}
