import { biasName, kernelName, originalName, thinNames, weightLayers } from '../models/build';
import type { Arch, DenseLayer, Layer, NetState } from '../models/types';
import type { ParamTable, ValuesOf } from '../spec/params';
import { WinnowError } from '../spec/problem';
import { effectiveKernel } from './fake-quant';
import { without } from './layers';
import { rankForEnergy, spectrum, svd } from './svd';
import { defineMethod } from './types';

const params = {
  rank: {
    kind: 'number',
    label: 'Rank',
    default: 50,
    min: 1,
    max: 500,
    step: 1,
    integer: true,
    unit: 'rank',
    scale: 'log',
    when: { by: 'rank' },
  },
  by: { kind: 'choice', label: 'Choose by', default: 'rank', options: ['rank', 'energy'] },
  energy: {
    kind: 'number',
    label: 'Kept energy',
    default: 0.9,
    min: 0.01,
    max: 1,
    step: 0.01,
    unit: 'fraction',
    when: { by: 'energy' },
  },
  layers: { kind: 'layers', label: 'Layers', default: ['fc1'] },
} as const satisfies ParamTable;
type Values = ValuesOf<typeof params>;

/**
 * Truncated SVD: a dense layer m -> n becomes two, m -> r (linear, no bias) and r -> n (its bias and
 * activation), and both are what is executed. Singular values are split evenly between them, which keeps
 * fine-tuning stable. A rank above the full one is clipped; a rank at which the pair is larger than the
 * original is still executed as asked, and the numbers show it. Masks, quantization and initial weights
 * of the layer are given up: the pair starts dense and is trained, from the weights that were executed until now.
 */
export const factorize = defineMethod({
  id: 'factorize',
  kind: 'transform',
  live: true,
  params,
  slider: 'rank',
  formula: 'W \\approx (U_r \\Sigma_r^{1/2})\\,(\\Sigma_r^{1/2} V_r^{\\top}),\\qquad mn \\to r(m+n)',
  citations: [
    {
      text: 'Denton, Zaremba, Bruna, LeCun, Fergus: Exploiting linear structure within convolutional networks for efficient evaluation. NeurIPS (2014)',
      url: 'https://arxiv.org/abs/1404.0736',
    },
    {
      text: 'Eckart, Young: The approximation of one matrix by another of lower rank. Psychometrika 1 (1936)',
      url: 'https://doi.org/10.1007/BF02288367',
    },
  ],
  /** The rank that an energy asks for depends on the weights: as large as it can be. */
  reshape: (arch, { layers, by, rank }) =>
    able(arch)
      .filter(({ name }) => layers.length === 0 || layers.includes(name))
      .reduce((next, l) => thinned(next, l, Math.min(by === 'rank' ? rank : Infinity, l.in, l.out)), arch),
  apply(state, values) {
    return targets(state, values.layers).reduce((next, layer) => split(next, layer, values), state);
  },
});

/** Dense layers that are no halves yet. */
const able = (arch: Arch): DenseLayer[] =>
  weightLayers(arch).filter((l): l is DenseLayer => l.kind === 'dense' && originalName(l.name) === l.name);

/** @throws WinnowError for a name that is not a dense layer of the network as it is now. */
function targets(state: NetState, names: readonly string[]): DenseLayer[] {
  const those = able(state.arch);
  if (names.length === 0) return those;
  return [...new Set(names)].map((name) => {
    const layer = those.find((l) => l.name === name);
    if (layer) return layer;
    const allowed = those.map((l) => l.name).join(', ') || 'none';
    const already = state.arch.layers.some((l) => l.name === thinNames(name)[0]);
    throw new WinnowError({
      code: already ? 'factorize.twice' : 'factorize.layer',
      path: `with.layers.${name}`,
      message: already
        ? `${name} is already factorized; dense layers left: ${allowed}`
        : `must be a dense layer, one of ${allowed}, got ${name}`,
      values: { allowed, found: name },
    });
  });
}

function split(state: NetState, layer: DenseLayer, values: Values): NetState {
  const kernel = kernelName(layer);
  const executed = effectiveKernel(state, layer);
  const rank =
    values.by === 'energy'
      ? rankForEnergy(spectrum(executed, layer.in, layer.out), values.energy)
      : Math.min(values.rank, layer.in, layer.out);
  const [u, v] = thinNames(layer.name).map((name) => ({ name }));
  const pair = factors(executed, layer.in, layer.out, rank);
  const gone = [kernel, biasName(layer)];
  const tensors = without(state.tensors, gone);
  tensors[kernelName(u)] = pair.u;
  tensors[kernelName(v)] = pair.v;
  if (layer.bias) tensors[biasName(v)] = state.tensors[biasName(layer)];
  const { held, final: _, ...rest } = state;
  return {
    ...rest,
    ...(held && { held: without(held, gone) }),
    arch: thinned(state.arch, layer, rank),
    tensors,
    masks: without(state.masks, gone),
    quant: without(state.quant, gone),
    start: without(state.start, gone),
  };
}

/** The network with the layer as two thin ones. */
function thinned(arch: Arch, layer: DenseLayer, rank: number): Arch {
  const [u, v] = thinNames(layer.name);
  const { from: _, ...end } = layer;
  const thin: [Layer, Layer] = [
    { ...layer, name: u, out: rank, bias: false, activation: 'linear' },
    { ...end, name: v, in: rank },
  ];
  const layers = arch.layers.flatMap((l) => (l.name === layer.name ? thin : [rewired(l, layer.name, v)]));
  return { ...arch, layers };
}

/** The same layer, reading `now` wherever it named `before`. */
function rewired(layer: Layer, before: string, now: string): Layer {
  const next = layer.from === before ? { ...layer, from: now } : layer;
  return next.kind === 'add' && next.with === before ? { ...next, with: now } : next;
}

/** Balanced factors [rows, rank] and [rank, cols] of a row-major kernel. */
export function factors(kernel: Float32Array, rows: number, cols: number, rank: number) {
  const { values, pair } = svd(kernel, rows, cols);
  const u = new Float32Array(rows * rank);
  const v = new Float32Array(rank * cols);
  for (let j = 0; j < rank; j++) {
    const root = Math.sqrt(values[j]);
    const { left, right } = pair(j);
    for (let i = 0; i < rows; i++) u[i * rank + j] = left[i] * root;
    for (let i = 0; i < cols; i++) v[j * cols + i] = right[i] * root;
  }
  return { u, v };
}
