/**
 * Hard-concrete gates of one training: their log alphas with an Adam of their own, a draw per step, and at the end the
 * folding of test gates into the weights. What a step draws depends on seeds and its number only.
 */
import { gateSample, gateSlope, LIMIT, openSlope, startOf, testGate } from '../methods/hard-concrete';
import type { GateRule } from '../methods/regime';
import { INPUT, kernelName, kernelSize, sourcesOf } from '../models/build';
import type { Arch, Masks, Tensors } from '../models/types';
import { stream, uniform } from './rng';
import type { StepGates } from './types';

/** Gates on the kernel of one layer, [rows, cols]; gate r % units serves row r. */
export interface GatedKernel {
  readonly name: string;
  readonly rows: number;
  readonly cols: number;
  readonly units: number;
  /** The units are those of the image itself. */
  readonly input: boolean;
}
/** By name of the kernel: log alpha, and Adam's moments of it. */
export interface GateState {
  logAlpha: Tensors;
  m: Tensors;
  v: Tensors;
}
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

/** Kernels that can have gates: of dense layers, and of convolutions that do not read the image. */
export function gatedKernels(arch: Arch, layers: readonly string[]): GatedKernel[] {
  return arch.layers.flatMap((layer, i): GatedKernel[] => {
    if (layer.kind !== 'dense' && layer.kind !== 'conv') return [];
    if (layers.length > 0 && !layers.includes(layer.name)) return [];
    const [source] = sourcesOf(arch, i);
    const input = source === INPUT;
    if (layer.kind === 'conv' && input) return [];
    const below = arch.layers.find(({ name }) => name === source);
    const cols = layer.kind === 'dense' ? layer.out : layer.out[2];
    const units =
      layer.kind === 'conv' ? layer.in[2] : below && below.kind !== 'dense' ? below.out[2] : layer.in;
    return [{ name: kernelName(layer), rows: kernelSize(layer) / cols, cols, units, input }];
  });
}

export class Gates implements StepGates {
  readonly #state: GateState;
  readonly #noise: (step: number) => () => number;
  /** Of the step that is being made. */
  #u: Tensors = {};

  /**
   * @param images training images, N of the penalty's scale
   * @param seeds of the noise: any names that tell this training from others
   */
  constructor(
    readonly kernels: readonly GatedKernel[],
    readonly rule: GateRule,
    readonly images: number,
    seeds: { seed: number; names: readonly (string | number)[] },
    saved?: GateState,
  ) {
    this.#state = saved ? copied(saved) : fresh(kernels, rule);
    this.#noise = (step) => uniform(stream(seeds.seed, 'gates', ...seeds.names, step));
  }

  sample(step: number): Tensors {
    const next = this.#noise(step);
    // 0 would make an infinite logarithm.
    const draw = () => Math.max(next(), 2 ** -53);
    this.#u = perKernel(this.kernels, ({ units }) => Float32Array.from({ length: units }, draw));
    return this.#each((logAlpha, u) => gateSample(logAlpha, u));
  }

  learn(step: number, gradients: Tensors): void {
    const { lr, lambda } = this.rule;
    const { logAlpha, m, v } = this.#state;
    const [rest1, rest2] = [1 - BETA1 ** (step + 1), 1 - BETA2 ** (step + 1)];
    for (const { name, rows, cols, units } of this.kernels) {
      const [a, m1, v1] = [logAlpha[name], m[name], v[name]];
      const price = ((lambda / this.images) * rows * cols) / units;
      for (let i = 0; i < units; i++) {
        const g = gradients[name][i] * gateSlope(a[i], this.#u[name][i]) + price * openSlope(a[i]);
        m1[i] = BETA1 * m1[i] + (1 - BETA1) * g;
        v1[i] = BETA2 * v1[i] + (1 - BETA2) * g * g;
        const moved = a[i] - (lr * m1[i]) / rest1 / (Math.sqrt(v1[i] / rest2) + EPSILON);
        a[i] = Math.min(LIMIT, Math.max(-LIMIT, moved));
      }
    }
  }

  fixed(): Tensors {
    return this.#each((logAlpha) => testGate(logAlpha));
  }
  save(): GateState {
    return copied(this.#state);
  }

  /** Weights with test gates multiplied in; rows behind a gate at zero are pruned. */
  fold(tensors: Tensors, masks: Masks): { tensors: Tensors; masks: Masks } {
    const values: Record<string, Float32Array> = { ...tensors };
    const kept: Record<string, Uint8Array> = {};
    const gates = this.fixed();
    for (const { name, cols, units } of this.kernels) {
      const z = gates[name];
      const gateOf = (i: number) => z[Math.floor(i / cols) % units];
      values[name] = tensors[name].map((w, i) => (gateOf(i) === 0 ? 0 : w * gateOf(i)));
      if (z.includes(0)) {
        kept[name] = Uint8Array.from(tensors[name], (_, i) =>
          gateOf(i) === 0 || masks[name]?.[i] === 0 ? 0 : 1,
        );
      }
    }
    return { tensors: values, masks: Object.keys(kept).length === 0 ? masks : { ...masks, ...kept } };
  }

  #each(of: (logAlpha: number, u: number) => number): Tensors {
    return perKernel(this.kernels, ({ name }) =>
      this.#state.logAlpha[name].map((a, i) => of(a, this.#u[name]?.[i] ?? 0.5)),
    );
  }
}

const perKernel = (kernels: readonly GatedKernel[], of: (kernel: GatedKernel) => Float32Array): Tensors =>
  Object.fromEntries(kernels.map((kernel) => [kernel.name, of(kernel)]));
const fresh = (kernels: readonly GatedKernel[], { dropInput, dropHidden }: GateRule): GateState => ({
  logAlpha: perKernel(kernels, ({ units, input }) =>
    new Float32Array(units).fill(startOf(input ? dropInput : dropHidden)),
  ),
  m: perKernel(kernels, ({ units }) => new Float32Array(units)),
  v: perKernel(kernels, ({ units }) => new Float32Array(units)),
});
const copiedAll = (tensors: Tensors): Tensors =>
  Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, t.slice()]));
const copied = ({ logAlpha, m, v }: GateState): GateState => ({
  logAlpha: copiedAll(logAlpha),
  m: copiedAll(m),
  v: copiedAll(v),
});
