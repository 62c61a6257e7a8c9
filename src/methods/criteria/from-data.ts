/** What criteria that know gradients have in common. They are gradients by the effective weights, as are the weights. */
import { kernelName } from '../../models/build';
import type { NetState, Tensors, WeightLayer } from '../../models/types';
import { effectiveKernel } from '../fake-quant';

/** f(evidence, weight) for every weight of the layer's kernel. */
export function scoresOf(
  state: NetState,
  layer: WeightLayer,
  evidence: Tensors,
  f: (e: number, w: number) => number,
): Float32Array {
  const kernel = effectiveKernel(state, layer);
  const known = evidence[kernelName(layer)];
  const out = new Float32Array(kernel.length);
  for (let i = 0; i < out.length; i++) out[i] = f(known[i], kernel[i]);
  return out;
}
/** The same in double precision, weight by weight. */
export const exactScoresOf = (
  state: NetState,
  layer: WeightLayer,
  evidence: Tensors,
  f: (e: number, w: number) => number,
): number[] => Array.from(effectiveKernel(state, layer), (w, i) => f(evidence[kernelName(layer)][i], w));
