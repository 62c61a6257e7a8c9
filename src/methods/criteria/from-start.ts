/**
 * What criteria that compare the beginning with the end have in common: w(i), where this network began, and w(f), its
 * weights now; both latent, of one and the same run. In a later round of pruning the beginning is still the first one.
 */
import { kernelName } from '../../models/build';
import type { Citation, NetState, WeightLayer } from '../../models/types';
import { requireStart } from '../layers';
import { percentiles, plainPercentiles } from './percentiles';
import type { Criterion } from './types';

export const ZHOU: Citation = {
  text: 'Zhou, Lan, Liu, Yosinski: Deconstructing lottery tickets: zeros, signs, and the supermask. NeurIPS (2019)',
  url: 'https://arxiv.org/abs/1905.01067',
};
/** A score from beginning and end of one weight, or from their percentiles. */
type OfTwo = (initial: number, final: number) => number;
type Scoring = Required<Pick<Criterion, 'check' | 'score' | 'reference' | 'drawsTies'>>;

/** As np.sign has it: zero is a sign of its own. */
export const sameSign: (a: number, b: number) => boolean = (a, b) => Math.sign(a) === Math.sign(b);

/** f(initial, final) for every weight of the layer's kernel. */
export const fromStart = (f: OfTwo): Scoring => ({
  drawsTies: true,
  check: requireStart,
  score: (state, layer) => each(...weightsOf(state, layer), f),
  reference: (state, layer) => {
    const [initial, final] = weightsOf(state, layer);
    return Array.from(final, (w, i) => f(initial[i], w));
  },
});

/** f of the percentiles, in [0, 1), of |initial| and of |final| among what is left of the layer. */
export const fromPercentiles = (f: OfTwo): Scoring => ({
  drawsTies: true,
  check: requireStart,
  score(state, layer) {
    const mask = state.masks[kernelName(layer)];
    const [initial, final] = weightsOf(state, layer);
    return each(percentiles(initial, mask), percentiles(final, mask), f);
  },
  reference(state, layer) {
    const mask = state.masks[kernelName(layer)];
    const [initial, final] = weightsOf(state, layer).map((w) => plainPercentiles(w, mask));
    return final.map((p, i) => f(initial[i], p));
  },
});

const weightsOf = (state: NetState, layer: WeightLayer): [initial: Float32Array, final: Float32Array] => [
  state.start[kernelName(layer)],
  state.tensors[kernelName(layer)],
];
// A plain loop: called while a slider moves.
function each(initial: Float32Array, final: Float32Array, f: OfTwo): Float32Array {
  const out = new Float32Array(final.length);
  for (let i = 0; i < out.length; i++) out[i] = f(initial[i], final[i]);
  return out;
}
