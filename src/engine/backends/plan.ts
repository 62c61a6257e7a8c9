/**
 * A network compiled to a static plan: where each tensor lies in the arenas, and the stages to run forward
 * and backward. Sizes are floats. Executors differ in memory and kernels, not in the plan.
 */
import {
  biasName,
  channels,
  INPUT,
  isWeightLayer,
  kernelName,
  kernelShape,
  kernelSize,
  normNames,
  outputSize,
  sourcesOf,
} from '../../models/build';
import type { Arch, ConvLayer, DepthwiseLayer, Layer, Size } from '../../models/types';
import { WinnowError } from '../../spec/problem';

/** A tensor's place in every arena of parameters (weights, gradients, moments, mask). */
export interface Slot {
  readonly name: string;
  readonly shape: readonly number[];
  readonly length: number;
  /** A multiple of 4, so that vectors start aligned; the gap before the next slot stays zero. */
  readonly offset: number;
}
/** Tensors of a batch norm; the statistics lie behind everything that is trained. */
export interface NormSlots {
  readonly gamma: Slot;
  readonly beta: Slot;
  readonly mean: Slot;
  readonly variance: Slot;
}
export interface Stage {
  readonly layer: Layer;
  readonly kernel?: Slot;
  readonly bias?: Slot;
  readonly norm?: NormSlots;
  /** What it reads, by number of value: 0 is the image, i + 1 the output of stage i. Two for `add`, else one. */
  readonly inputs: readonly number[];
  /** Floats per image (of each input). */
  readonly inSize: number;
  readonly outSize: number;
  /**
   * The gradient of relu is taken on this stage's output. Where nothing but a max pool reads a relu it is taken on
   * the pool's output (the winner's activation is the pooled value), which is smaller and gives the same gradient.
   */
  readonly reluGradient: boolean;
}
export interface Plan {
  readonly arch: Arch;
  readonly stages: readonly Stage[];
  readonly slots: readonly Slot[];
  /** Length of an arena of parameters: a multiple of 4. */
  readonly arena: number;
  /** Length of its first part, which optimizers work on; running statistics lie behind it. A multiple of 4. */
  readonly trained: number;
  readonly inputSize: number;
  readonly classes: number;
}

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const inputOf = (layer: Layer): number => (layer.kind === 'dense' ? layer.in : product(layer.in));
const outputOf = (layer: Layer): number => product(outputSize(layer));

/** Floats per image of value v: the image, or the output of stage v - 1. */
export const valueSize = (plan: Plan, v: number): number =>
  v === 0 ? plan.inputSize : plan.stages[v - 1].outSize;

/** @throws WinnowError `engine.shape` when a layer does not fit those it takes from. */
export function compilePlan(arch: Arch): Plan {
  const inputs = wire(arch);
  const trained = new Arena(0);
  const placed = arch.layers.map((layer) => placeTrained(layer, trained));
  const all = new Arena(trained.length);
  const stages = arch.layers.map((layer, i): Stage => {
    const sizes = inputs[i].map((v) => (v === 0 ? product(arch.input) : outputOf(arch.layers[v - 1])));
    checkFit(layer, sizes);
    return {
      layer,
      ...placed[i],
      ...placeNorm(layer, placed[i], all),
      inputs: inputs[i],
      inSize: sizes[0],
      outSize: outputOf(layer),
      reluGradient: gradientHere(arch, inputs, i),
    };
  });
  return {
    arch,
    stages,
    slots: [...trained.slots, ...all.slots],
    arena: all.length,
    trained: trained.length,
    inputSize: product(arch.input),
    classes: stages[stages.length - 1].outSize,
  };
}

class Arena {
  readonly slots: Slot[] = [];
  length: number;
  constructor(start: number) {
    this.length = start;
  }
  place(name: string, shape: readonly number[], length = product(shape)): Slot {
    const slot = { name, shape, length, offset: this.length };
    this.length += Math.ceil(length / 4) * 4;
    this.slots.push(slot);
    return slot;
  }
}

type Placed = { kernel?: Slot; bias?: Slot; gamma?: Slot; beta?: Slot };
function placeTrained(layer: Layer, arena: Arena): Placed {
  if (layer.kind === 'batchnorm') {
    const names = normNames(layer);
    const shape = [layer.out[2]];
    return { gamma: arena.place(names.gamma, shape), beta: arena.place(names.beta, shape) };
  }
  if (!isWeightLayer(layer)) return {};
  const kernel = arena.place(kernelName(layer), kernelShape(layer), kernelSize(layer));
  return layer.bias ? { kernel, bias: arena.place(biasName(layer), [channels(layer)]) } : { kernel };
}
function placeNorm(layer: Layer, { gamma, beta }: Placed, arena: Arena): { norm?: NormSlots } {
  if (layer.kind !== 'batchnorm') return {};
  const names = normNames(layer);
  const [mean, variance] = [names.mean, names.variance].map((name) => arena.place(name, [layer.out[2]]));
  return { norm: { gamma: gamma!, beta: beta!, mean, variance } };
}

/** Values that each layer reads. */
function wire(arch: Arch): number[][] {
  const numbers = new Map<string, number>([[INPUT, 0]]);
  return arch.layers.map((layer, i) => {
    const inputs = sourcesOf(arch, i).map((name) => {
      const value = numbers.get(name);
      if (value !== undefined) return value;
      throw refuse(layer.name, `takes from ${name}, which is no layer before it`);
    });
    numbers.set(layer.name, i + 1);
    return inputs;
  });
}

/** The one stage that reads the output of stage i, if it is one max pool. */
function poolAfter(arch: Arch, inputs: readonly number[][], i: number): number | undefined {
  const readers = inputs.flatMap((list, j) => list.filter((v) => v === i + 1).map(() => j));
  return readers.length === 1 && arch.layers[readers[0]].kind === 'maxpool' ? readers[0] : undefined;
}
/** Whether stage i ends a relu: its own, or one handed down by pools. */
function gradientHere(arch: Arch, inputs: readonly number[][], i: number): boolean {
  if (poolAfter(arch, inputs, i) !== undefined) return false;
  let at = i;
  while (at >= 0 && arch.layers[at].kind === 'maxpool') {
    const source = inputs[at][0] - 1;
    // Another reader of the pool's input takes the gradient of relu there.
    if (source < 0 || poolAfter(arch, inputs, source) !== at) return false;
    at = source;
  }
  const layer = arch.layers[at];
  return 'activation' in layer && layer.activation === 'relu';
}

function checkFit(layer: Layer, sizes: readonly number[]): void {
  for (const size of sizes) {
    if (inputOf(layer) === size) continue;
    throw refuse(layer.name, `takes ${inputOf(layer)} values, but the layer before gives ${size}`);
  }
  if (layer.kind === 'conv' || layer.kind === 'depthwise') checkConv(layer);
  if (layer.kind === 'depthwise' || layer.kind === 'batchnorm' || layer.kind === 'add') {
    if (layer.in[2] !== layer.out[2]) {
      throw refuse(layer.name, `has as many channels out as in, found ${layer.in[2]} and ${layer.out[2]}`);
    }
  }
  if (layer.kind === 'maxpool' || layer.kind === 'avgpool') checkPool(layer);
}

function checkPool({
  name,
  in: from,
  out,
  size,
  stride,
}: {
  name: string;
  in: Size;
  out: Size;
  size: number;
  stride: number;
}): void {
  for (const axis of [0, 1] as const) {
    if ((out[axis] - 1) * stride + size > from[axis]) {
      throw refuse(name, `windows of ${size} reach beyond the input ${from.join(' x ')}`);
    }
  }
}

function checkConv({ name, pad, stride, kernel }: ConvLayer | DepthwiseLayer): void {
  if (stride < 1 || kernel < 1 || pad < 0 || pad >= kernel) {
    throw refuse(
      name,
      `needs stride >= 1 and 0 <= pad < kernel, found stride ${stride}, pad ${pad}, kernel ${kernel}`,
    );
  }
}

const refuse = (path: string, message: string) => new WinnowError({ code: 'engine.shape', path, message });
