/**
 * Which output units can only go together. Units (neurons, filters) are made by dense layers and convolutions; depthwise
 * filters, batch norms and pools pass the channels on; a sum needs the same channels in all its terms, so that it makes
 * one group of them, and a residual stage becomes a single group. Dense layers and convolutions that read a group lose
 * rows with each unit; a dense layer behind an image loses one row per position (flattened NHWC, (y * W + x) * C + k).
 * No model is known by name here: everything follows from the graph.
 */
import {
  channels,
  INPUT,
  isWeightLayer,
  kernelSize,
  originalName,
  outputSize,
  sourcesOf,
  thinNames,
} from './build';
import type { Arch, Layer } from './types';

export interface UnitGroup {
  /** Name of the first producer, in layer order: how rates, lists of kept units and messages call the group. */
  readonly id: string;
  readonly units: number;
  /** Dense layers and convolutions whose outputs these channels are. */
  readonly producers: readonly string[];
  /** Layers that the channels pass, all of which lose a channel with each unit. */
  readonly depthwise: readonly string[];
  readonly norms: readonly string[];
  readonly sums: readonly string[];
  /** Dense layers and convolutions that read them. */
  readonly readers: readonly string[];
  /** Prunable weights that go with one unit while all others are there. */
  readonly weightsPerUnit: number;
  /** Why it cannot shrink: a sum ties it to the channels of the image, or its units are the classes. */
  readonly fixed?: 'image' | 'logits';
}
export interface Grouping {
  /** By their first producers, in layer order. */
  readonly groups: readonly UnitGroup[];
  /** Group whose channels a value has: the name of a layer or `input`; undefined for those of the image alone. */
  of(value: string): UnitGroup | undefined;
}

const known = new WeakMap<Arch, Grouping>();

/** The groups of a network; the same object for the same network. */
export function groupsOf(arch: Arch): Grouping {
  const found = known.get(arch) ?? grouped(arch);
  known.set(arch, found);
  return found;
}
/** Groups that can lose units. */
export const shrinkable = (arch: Arch): UnitGroup[] => groupsOf(arch).groups.filter(({ fixed }) => !fixed);

/** True for the rank of a factorized layer: what its two thin layers have between them, and no units of the network. */
export const isRank = ({ id }: UnitGroup): boolean => id === thinNames(originalName(id))[0];

export const isProducer = (layer: Layer) => layer.kind === 'dense' || layer.kind === 'conv';

function grouped(arch: Arch): Grouping {
  const { join, root } = new Union();
  arch.layers.forEach((layer, i) => {
    if (isProducer(layer)) return;
    for (const source of sourcesOf(arch, i)) join(layer.name, source);
  });
  const image = root(INPUT);
  const logits = root(arch.layers[arch.layers.length - 1].name);
  const byRoot = new Map<string, UnitGroup>();
  for (const layer of arch.layers) {
    const at = root(layer.name);
    if (!isProducer(layer) || byRoot.has(at)) continue;
    const fixed = at === logits ? 'logits' : at === image ? 'image' : undefined;
    byRoot.set(
      at,
      group(arch, layer, (value) => root(value) === at, fixed),
    );
  }
  return { groups: [...byRoot.values()], of: (value) => byRoot.get(root(value)) };
}

function group(arch: Arch, first: Layer, has: (value: string) => boolean, fixed?: UnitGroup['fixed']) {
  const inside = arch.layers.filter(({ name }) => has(name));
  const names = (layers: readonly Layer[]) => layers.map(({ name }) => name);
  const readers = arch.layers.filter((layer, i) => isProducer(layer) && has(sourcesOf(arch, i)[0]));
  const units = outputSize(first)[2];
  return {
    id: first.name,
    units,
    producers: names(inside.filter(isProducer)),
    depthwise: names(inside.filter(({ kind }) => kind === 'depthwise')),
    norms: names(inside.filter(({ kind }) => kind === 'batchnorm')),
    sums: names(inside.filter(({ kind }) => kind === 'add')),
    readers: names(readers),
    weightsPerUnit: perUnit(units, inside, readers),
    ...(fixed && { fixed }),
  };
}

/** A kernel between channels of one and the same group loses a row and a column, which have weights in common. */
function perUnit(units: number, inside: readonly Layer[], readers: readonly Layer[]): number {
  let weights = 0;
  for (const layer of new Set([...inside, ...readers])) {
    if (!isWeightLayer(layer)) continue;
    const columns = inside.includes(layer) ? kernelSize(layer) / channels(layer) : 0;
    const rows = readers.includes(layer) ? kernelSize(layer) / units : 0;
    const both = columns > 0 && rows > 0 ? columns / units : 0;
    weights += columns + rows - both;
  }
  return weights;
}

/** Disjoint sets of values. */
class Union {
  readonly #parent = new Map<string, string>();
  readonly root = (value: string): string => {
    const parent = this.#parent.get(value) ?? value;
    if (parent === value) return value;
    const top = this.root(parent);
    this.#parent.set(value, top);
    return top;
  };
  readonly join = (a: string, b: string): void => {
    this.#parent.set(this.root(a), this.root(b));
  };
}
