/**
 * Smaller networks: units (neurons, filters) are taken out, and with them their columns of the kernels that make them,
 * their biases, their channels in the norms, depthwise filters, pools and sums behind, and the rows of the kernels that
 * read them. What is left is an ordinary dense network with fewer multiply-accumulates, which computes what the old one
 * does with `maskUnits` of the same list.
 */

import { type Axes, placed } from './axes';
import { INPUT, kernelSize, weightLayers } from './build';
import { shrinkable } from './groups';
import { checkKept, type KeptUnits } from './kept-units';
import type { Arch, Layer, NetState, Size, Weights } from './types';

export type { KeptUnits };
export interface Rebuilt extends Weights {
  readonly arch: Arch;
}

/**
 * The network without the units that are not named. Units stay in their order; layers keep their names, and with them
 * their quantization. Scales are found anew from the weights that are left, as if those taken out were masked. Other
 * tensors of the same network (initial weights, moments of an optimizer) can be given in place of its own.
 * @param weights tensors and masks of the sizes that `arch` gives; those that are untouched are shared with the result
 * @throws WinnowError `rebuild.*` as checkKept
 */
export function rebuild(arch: Arch, weights: Weights, kept: KeptUnits): Rebuilt {
  const left = checkKept(arch, kept);
  const tensors: Record<string, Float32Array> = { ...weights.tensors };
  const masks: Record<string, Uint8Array> = { ...weights.masks };
  const held: Record<string, Uint8Array> | undefined = weights.held && { ...weights.held };
  const layers = placed(arch).map(({ layer, source, reads, gives, tensors: all }): Layer => {
    const [input, output] = [left.get(reads?.id ?? INPUT), left.get(gives?.id ?? INPUT)];
    for (const [name, axes] of all) {
      if (name in tensors) tensors[name] = cut(tensors[name], axes, input, output);
      for (const flags of [masks, held])
        if (flags?.[name]) flags[name] = cut(flags[name], axes, input, output);
    }
    return resized(layer, source, input?.length, output?.length);
  });
  return { arch: { ...arch, layers }, tensors, masks, quant: weights.quant, ...(held && { held }) };
}

/**
 * The same for a point in a recipe: its initial weights lose the same units, so that it can still be rewound.
 * @throws WinnowError `rebuild.*` as checkKept
 */
export function rebuildState(state: NetState, kept: KeptUnits): NetState {
  const small = rebuild(state.arch, state, kept);
  const start = rebuild(state.arch, { tensors: state.start, masks: {}, quant: {} }, kept).tensors;
  const count = (arch: Arch) => weightLayers(arch).reduce((sum, layer) => sum + kernelSize(layer), 0);
  const removed = (state.removed ?? 0) + count(state.arch) - count(small.arch);
  const { final: _, ...rest } = state;
  return { ...rest, ...small, start, ...(removed > 0 && { removed }) };
}

/** Every second unit, from the first on, of every group that can shrink: about a quarter of the weights is left. */
export function halves(arch: Arch): KeptUnits {
  const even = (n: number) => Array.from({ length: Math.ceil(n / 2) }, (_, i) => 2 * i);
  return Object.fromEntries(shrinkable(arch).map(({ id, units }) => [id, even(units)]));
}
/** The network rebuilt with half the units in every group that can shrink. */
export const halved = (arch: Arch, weights: Weights): Rebuilt => rebuild(arch, weights, halves(arch));

/** The entries of the channels that are left; all where a list is absent. */
function cut<T extends Float32Array | Uint8Array>(
  values: T,
  [positions, inputs, outputs]: Axes,
  rows: readonly number[] | undefined,
  columns: readonly number[] | undefined,
): T {
  const from = inputs === 1 ? [0] : (rows ?? Array.from({ length: inputs }, (_, i) => i));
  const to = columns ?? Array.from({ length: outputs }, (_, i) => i);
  if (from.length === inputs && to.length === outputs) return values;
  const made = values.slice(0, positions * from.length * to.length) as T;
  let next = 0;
  for (let p = 0; p < positions; p++)
    for (const row of from)
      for (const column of to) made[next++] = values[(p * inputs + row) * outputs + column];
  return made;
}

function resized(layer: Layer, source: Size, input = source[2], output?: number): Layer {
  if (layer.kind === 'dense')
    return { ...layer, in: source[0] * source[1] * input, out: output ?? layer.out };
  const [h, w, c] = layer.out;
  return { ...layer, in: [source[0], source[1], input], out: [h, w, output ?? c] };
}
