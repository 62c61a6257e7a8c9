/**
 * A network compiled to a static plan: where each tensor lies in the arenas, and the stages to run forward
 * and backward. Sizes are floats. Executors differ in memory and kernels, not in the plan.
 */
import { biasName, channels, isWeightLayer, kernelName, kernelShape, kernelSize } from '../../models/build';
import type { Arch, ConvLayer, Layer, WeightLayer } from '../../models/types';
import { WinnowError } from '../../spec/problem';

/** A tensor's place in every arena of parameters (weights, gradients, moments, mask). */
export interface Slot {
  readonly name: string;
  readonly shape: readonly number[];
  readonly length: number;
  /** A multiple of 4, so that vectors start aligned; the gap before the next slot stays zero. */
  readonly offset: number;
}
export interface Stage {
  readonly layer: Layer;
  readonly kernel?: Slot;
  readonly bias?: Slot;
  /** Floats per image. */
  readonly inSize: number;
  readonly outSize: number;
  /**
   * The gradient of relu is taken on this stage's output. For relu then maxpool that is the pool's (the winner's
   * activation is the pooled value), which is smaller and gives the same gradient.
   */
  readonly reluGradient: boolean;
}
export interface Plan {
  readonly arch: Arch;
  readonly stages: readonly Stage[];
  readonly slots: readonly Slot[];
  /** Length of an arena of parameters: a multiple of 4. */
  readonly arena: number;
  readonly inputSize: number;
  readonly classes: number;
}

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const inputOf = (layer: Layer): number => (layer.kind === 'dense' ? layer.in : product(layer.in));
const outputOf = (layer: Layer): number => (layer.kind === 'dense' ? layer.out : product(layer.out));

/** @throws WinnowError `engine.shape` when a layer does not fit the one before it. */
export function compilePlan(arch: Arch): Plan {
  const slots: Slot[] = [];
  let arena = 0;
  const place = (name: string, shape: readonly number[], length: number): Slot => {
    const slot = { name, shape, length, offset: arena };
    arena += Math.ceil(length / 4) * 4;
    slots.push(slot);
    return slot;
  };
  let size = product(arch.input);
  const stages = arch.layers.map((layer, i): Stage => {
    checkFit(layer, size);
    size = outputOf(layer);
    const common = { layer, inSize: inputOf(layer), outSize: size, reluGradient: gradientHere(arch, i) };
    if (!isWeightLayer(layer)) return common;
    const kernel = place(kernelName(layer), kernelShape(layer), kernelSize(layer));
    const bias = layer.bias ? place(biasName(layer), [channels(layer)], channels(layer)) : undefined;
    return { ...common, kernel, bias };
  });
  return { arch, stages, slots, arena, inputSize: product(arch.input), classes: size };
}

/** Index of the weight layer whose relu, passed on by the pools after it, ends at stage i. */
function gradientHere(arch: Arch, i: number): boolean {
  if (arch.layers[i + 1]?.kind === 'maxpool') return false;
  let at = i;
  while (at >= 0 && arch.layers[at].kind === 'maxpool') at--;
  return at >= 0 && (arch.layers[at] as WeightLayer).activation === 'relu';
}

function checkFit(layer: Layer, size: number): void {
  if (inputOf(layer) !== size) {
    throw refuse(layer.name, `takes ${inputOf(layer)} values, but the layer before gives ${size}`);
  }
  if (layer.kind === 'conv') checkConv(layer);
  if (layer.kind === 'maxpool') {
    for (const axis of [0, 1] as const) {
      if ((layer.out[axis] - 1) * layer.stride + layer.size > layer.in[axis]) {
        throw refuse(layer.name, `windows of ${layer.size} reach beyond the input ${layer.in.join(' x ')}`);
      }
    }
  }
}

function checkConv({ name, pad, stride, kernel }: ConvLayer): void {
  if (stride < 1 || kernel < 1 || pad < 0 || pad >= kernel) {
    throw refuse(
      name,
      `needs stride >= 1 and 0 <= pad < kernel, found stride ${stride}, pad ${pad}, kernel ${kernel}`,
    );
  }
}

const refuse = (path: string, message: string) => new WinnowError({ code: 'engine.shape', path, message });
