/** The tensors of a layer by what their entries belong to: a position, a channel read, a unit made. */
import {
  biasName,
  channels,
  isWeightLayer,
  kernelName,
  kernelShape,
  normNames,
  outputSize,
  sourcesOf,
} from './build';
import { groupsOf, type UnitGroup } from './groups';
import type { Arch, Layer, Size } from './types';

/**
 * A tensor as [positions, channels in, channels out]: flattened images are NHWC, so channels are next to the units. One
 * channel in stands for none to choose from (depthwise filters, biases, norms).
 */
export type Axes = readonly [positions: number, inputs: number, outputs: number];

export interface Placed {
  readonly layer: Layer;
  /** Names of the values it takes. */
  readonly from: readonly string[];
  /** Size of what it reads (of its first term, if it is a sum). */
  readonly source: Size;
  /** Groups of the channels it reads and of those it gives; undefined: the image's own. */
  readonly reads?: UnitGroup;
  readonly gives?: UnitGroup;
  /** Its tensors by name; biases too, whether or not it has one. */
  readonly tensors: readonly (readonly [name: string, axes: Axes])[];
}

/** Every layer in order, with its tensors and the groups that they depend on. */
export function placed(arch: Arch): Placed[] {
  const { of } = groupsOf(arch);
  const sizes = new Map<string, Size>();
  return arch.layers.map((layer, i) => {
    const from = sourcesOf(arch, i);
    const source = sizes.get(from[0]) ?? arch.input;
    sizes.set(layer.name, outputSize(layer));
    return { layer, from, source, reads: of(from[0]), gives: of(layer.name), tensors: axesOf(layer, source) };
  });
}

function axesOf(layer: Layer, source: Size): [string, Axes][] {
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
