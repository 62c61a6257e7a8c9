/**
 * Smaller networks: output units (neurons, filters) that nobody needs are taken out, and with them their columns of the
 * kernel and their bias, their channels in the batch norms, depthwise filters and pools behind, and the rows of the next
 * kernels that read them. What is left is an ordinary dense network with fewer multiply-accumulates.
 *
 * It computes what the old one does when the units taken out give exactly 0 to their readers: kernel columns and bias
 * of 0, biases of 0 in depthwise filters behind, and gamma = beta = 0 in batch norms behind, which would otherwise shift
 * those zeros by beta - gamma * mean / sqrt(variance + epsilon). Such a constant is lost with the unit; it is not
 * folded into the biases that follow.
 */
import { WinnowError } from '../spec/problem';
import {
  biasName,
  channels,
  INPUT,
  isWeightLayer,
  kernelName,
  kernelShape,
  normNames,
  outputSize,
  sourcesOf,
  weightLayers,
} from './build';
import { owners, type Shrinkable, shrinkable } from './shrinkable';
import type { Arch, Layer, Size, Weights } from './types';

/** Indices of the output units that stay, by name of a dense layer or convolution, in any order; absent: all. */
export type KeptUnits = Readonly<Record<string, readonly number[]>>;
export interface Rebuilt extends Weights {
  readonly arch: Arch;
}

/**
 * The network without the units that are not named. Units stay in their order; layers keep their names, and with them
 * their quantization. Scales are found anew from the weights that are left, as if those taken out were masked. Other
 * tensors of the same network (initial weights, moments of an optimizer) can be given in place of its own.
 * @param weights tensors and masks of the sizes that `arch` gives; those that are untouched are shared with the result
 * @throws WinnowError `rebuild.*` for a layer without units of its own, the layer of the logits, a layer that feeds a
 * sum (whose terms must match), an empty list, an index that is no unit or comes twice
 */
export function rebuild(arch: Arch, weights: Weights, kept: KeptUnits): Rebuilt {
  const left = check(arch, kept);
  const owner = owners(arch);
  // Sums and the image have no owner and lose nothing.
  const leftOf = (value: string) => left.get(owner.get(value) ?? INPUT);
  const tensors: Record<string, Float32Array> = { ...weights.tensors };
  const masks: Record<string, Uint8Array> = { ...weights.masks };
  const sizes = new Map<string, Size>([[INPUT, arch.input]]);
  const layers = arch.layers.map((layer, i): Layer => {
    const [source] = sourcesOf(arch, i);
    const [input, output] = [leftOf(source), leftOf(layer.name)];
    const size = sizes.get(source) ?? arch.input;
    sizes.set(layer.name, outputSize(layer));
    for (const [name, shape] of shapesOf(layer, size)) {
      if (name in tensors) tensors[name] = cut(tensors[name], shape, input, output);
      if (name in masks) masks[name] = cut(masks[name], shape, input, output);
    }
    return resized(layer, size, input?.length, output?.length);
  });
  return { arch: { ...arch, layers }, tensors, masks, quant: weights.quant };
}

/** Every second unit, from the first on, of every layer that can shrink: about a quarter of the weights is left. */
export function halves(arch: Arch): KeptUnits {
  const { able } = shrinkable(arch);
  const even = (n: number) => Array.from({ length: Math.ceil(n / 2) }, (_, i) => 2 * i);
  const layers = weightLayers(arch).filter(({ name }) => able.includes(name));
  return Object.fromEntries(layers.map((layer) => [layer.name, even(channels(layer))]));
}
/** The network rebuilt with half the units in every layer that can shrink. */
export const halved = (arch: Arch, weights: Weights): Rebuilt => rebuild(arch, weights, halves(arch));

/** A tensor as [positions, channels in, channels out]: flattened images are NHWC, so channels are next to the units. */
type Shape = readonly [positions: number, inputs: number, outputs: number];

function shapesOf(layer: Layer, source: Size): [string, Shape][] {
  if (layer.kind === 'batchnorm')
    return Object.values(normNames(layer)).map((name) => [name, [1, 1, layer.out[2]]]);
  if (!isWeightLayer(layer)) return [];
  const out = channels(layer);
  const inputs = layer.kind === 'depthwise' ? 1 : source[2];
  const rows = kernelShape(layer).reduce((a, b) => a * b, 1) / out;
  return [
    [kernelName(layer), [rows / inputs, inputs, out]],
    [biasName(layer), [1, 1, out]],
  ];
}

/** The entries of the channels that are left; all where a list is absent. One input stands for none to choose from. */
function cut<T extends Float32Array | Uint8Array>(
  values: T,
  [positions, inputs, outputs]: Shape,
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

/** Sorted lists of the layers that do shrink. */
function check(arch: Arch, kept: KeptUnits): Map<string, readonly number[]> {
  const can = shrinkable(arch);
  const left = new Map<string, readonly number[]>();
  for (const [name, units] of Object.entries(kept)) {
    const layer = weightLayers(arch).find((l) => l.name === name);
    if (!layer || layer.kind === 'depthwise') throw refuseLayer(can, name, 'layer');
    checkUnits(name, units, channels(layer));
    if (units.length === channels(layer)) continue;
    if (!can.able.includes(name)) throw refuseLayer(can, name, can.sums.has(name) ? 'sum' : 'logits');
    left.set(
      name,
      [...units].sort((a, b) => a - b),
    );
  }
  return left;
}

function checkUnits(name: string, units: readonly number[], count: number): void {
  const refuse = (code: string, message: string, found = '') =>
    new WinnowError({ code, path: `kept.${name}`, message, values: { name, max: count - 1, found } });
  const allowed = `whole numbers in [0, ${count - 1}], each once`;
  if (units.length === 0) throw refuse('rebuild.empty', `must name at least one unit, ${allowed}, got none`);
  const seen = new Set<number>();
  for (const unit of units) {
    if (!Number.isInteger(unit) || unit < 0 || unit >= count)
      throw refuse('rebuild.range', `units are ${allowed}, got ${unit}`, String(unit));
    if (seen.has(unit))
      throw refuse('rebuild.twice', `units are ${allowed}, got ${unit} twice`, String(unit));
    seen.add(unit);
  }
}

function refuseLayer({ able, sums }: Shrinkable, name: string, why: 'layer' | 'sum' | 'logits'): WinnowError {
  const allowed = able.join(', ') || '-';
  const reason = {
    layer: `${name} is no dense layer or convolution`,
    sum: `${name} feeds the sum ${sums.get(name)}, whose terms must keep the same units`,
    logits: `${name} gives the logits, one for each class`,
  }[why];
  return new WinnowError({
    code: `rebuild.${why}`,
    path: `kept.${name}`,
    message: `${reason}; layers that can shrink: ${allowed}`,
    values: { name, sum: sums.get(name) ?? '', allowed },
  });
}
