import { kernelName, weightLayers } from '../models/build';
import { unheld } from '../models/held';
import type { NetState, WeightLayer } from '../models/types';
import type { ParamTable, ValuesOf } from '../spec/params';
import { ascending, sizeBits } from './ascending';
import { maskedAll, requireStart } from './layers';
import { defineMethod, type MethodContext } from './types';

const OTHER = ['redraw', 'reshuffle', 'constant'] as const;
const params = {
  values: {
    kind: 'choice',
    label: 'Initial values',
    default: 'constant',
    options: ['original', ...OTHER],
  },
  sign: {
    kind: 'choice',
    label: 'Signs',
    default: 'original',
    options: ['own', 'original'],
    when: { values: [...OTHER] },
  },
  draw: {
    kind: 'number',
    label: 'Draw',
    default: 0,
    min: 0,
    max: 99,
    step: 1,
    integer: true,
    unit: 'none',
    when: { values: [...OTHER] },
  },
} as const satisfies ParamTable;
type Values = ValuesOf<typeof params>;

/**
 * Other values to begin from, for the weights that are kept: their own, a fresh draw, their own in another order, or
 * plus and minus the layer's standard deviation. Each with the sign that comes with it (of constants: either, drawn) or
 * with that of the weight's own initial value. Biases and norms go back to the start. What comes out is this network's
 * start from here on. Masks stay; quantization and what was held are dropped.
 *
 * Traps: reshuffled are the values that are kept, in their layer, and not those of the whole layer (which the authors'
 * code does under the name of re-initialisation). A constant is the deviation of the whole layer's initial values, about
 * their mean of zero. Draws differ after every training: with one for all rounds the second round would go back to
 * where the first began, which is a lottery ticket again. A zero counts as positive.
 */
export const startValues = defineMethod({
  id: 'start-values',
  kind: 'start',
  live: true,
  params,
  formula:
    '\\theta_0 \\leftarrow v,\\quad v_j = \\operatorname{sign}\\left(w^{(i)}_j\\right) |u_j|,\\quad u_j \\in \\left\\{ w^{(i)}_j,\\ w^{\\prime}_j,\\ w^{(i)}_{\\pi(j)},\\ \\sigma \\right\\}',
  citations: [
    {
      text: 'Zhou, Lan, Liu, Yosinski: Deconstructing lottery tickets: zeros, signs, and the supermask. NeurIPS (2019)',
      url: 'https://arxiv.org/abs/1905.01067',
    },
  ],
  apply(before, values, context) {
    requireStart(before);
    const state = unheld(before);
    const fresh = drawer(state, values, context);
    const kernels = weightLayers(state.arch).map((layer) => [kernelName(layer), fresh(layer)]);
    const start = { ...state.start, ...Object.fromEntries(kernels) };
    // Weights that ended began elsewhere.
    const { final, ...rest } = state;
    const same = values.values === 'original' && final && { final };
    return { ...rest, ...same, start, tensors: maskedAll(start, state.masks), quant: {} };
  },
});

/** New values of a layer's whole kernel. */
function drawer(state: NetState, { values, sign, draw }: Values, context: MethodContext) {
  const { trainings, masks } = state;
  const initialOf = (layer: WeightLayer) => state.start[kernelName(layer)];
  const numbers = (layer: WeightLayer) =>
    context.uniform(initialOf(layer).length, 'start-values', draw, trainings, layer.name);
  const drawn = values === 'redraw' ? context.redraw(draw + DRAWS * (1 + trainings)) : {};
  const sized = (layer: WeightLayer): Float32Array => {
    const initial = initialOf(layer);
    if (values === 'redraw') return drawn[kernelName(layer)];
    if (values === 'reshuffle') return reshuffled(initial, masks[kernelName(layer)], numbers(layer));
    const size = deviation(initial);
    return sign === 'original'
      ? initial.map(() => size)
      : numbers(layer).map((u) => (u < 0.5 ? -size : size));
  };
  return (layer: WeightLayer): Float32Array => {
    const initial = initialOf(layer);
    if (values === 'original') return initial;
    const made = sized(layer);
    return sign === 'own' ? made : made.map((v, i) => (initial[i] < 0 ? -Math.abs(v) : Math.abs(v)));
  };
}
/** Draws of `reinit` come before these. */
const DRAWS = 100;

/** Root of the mean square: of constants it is their size, however often it is taken. */
export function deviation(values: Float32Array): number {
  let sum = 0;
  for (const v of values) sum += v * v;
  return Math.sqrt(sum / values.length);
}

/** The values where the mask is 1, in the order of their numbers; the others stay. */
function reshuffled(values: Float32Array, mask: Uint8Array | undefined, numbers: Float32Array): Float32Array {
  const kept = (i: number) => !mask || mask[i] === 1;
  const from = ascending(sizeBits(numbers)).filter(kept);
  const out = values.slice();
  let next = 0;
  for (let i = 0; i < out.length; i++) if (kept(i)) out[i] = values[from[next++]];
  return out;
}
