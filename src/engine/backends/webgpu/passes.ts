/** A plan as lists of commands on the device: made once, encoded for every step. */
import {
  convBackwardInput,
  convBackwardWeights,
  convForward,
  convPartials,
  convReduce,
  convSplits,
} from '../../../kernels/conv/wgsl';
import {
  denseBackwardInput,
  denseBackwardWeights,
  denseForward,
  type Place,
} from '../../../kernels/dense/wgsl';
import { quantRanges, quantWeights } from '../../../kernels/fake-quant/wgsl';
import { poolBackward, poolForward } from '../../../kernels/max-pool/wgsl';
import type { Command, Gpu } from '../../../kernels/webgpu/gpu';
import { WinnowError } from '../../../spec/problem';
import { convShape, poolShape } from '../layout';
import type { Plan, Stage } from '../plan';
import type { GpuParameters } from './parameters';

const FLOAT = 4;

/** Activations for at most `capacity` images. */
export interface Acts {
  capacity: number;
  /** Input of stage i; the last one is the logits. */
  acts: GPUBuffer[];
  /** Per stage, origin of each pooled value; null for others. */
  taps: (GPUBuffer | null)[];
  /** Labels of the images, one word each. */
  picked: GPUBuffer;
}

export function makeActs(gpu: Gpu, plan: Plan, capacity: number): Acts {
  const of = (name: string, size: number) => gpu.buffer(name, capacity * size * FLOAT);
  return {
    capacity,
    acts: [
      of('input', plan.inputSize),
      ...plan.stages.map((s) => of(`output of ${s.layer.name}`, s.outSize)),
    ],
    taps: plan.stages.map((s) => (s.layer.kind === 'maxpool' ? of('taps', s.outSize) : null)),
    picked: of('picked labels', 1),
  };
}
export const freeActs = (gpu: Gpu, { acts, taps, picked }: Acts): void => gpu.free(...acts, ...taps, picked);

const placeOf = ({ kernel, bias }: Stage): Place => ({ kernel: kernel!.offset, bias: bias?.offset ?? null });

const unknown = (kind: string) =>
  new WinnowError({
    code: 'backend.unavailable',
    path: 'backend',
    message: `webgpu has no kernels for ${kind} layers yet`,
  });

/** From `acts[0]` to the logits. */
export async function forwardCommands(
  gpu: Gpu,
  plan: Plan,
  at: Acts,
  parameters: GpuParameters,
): Promise<Command[]> {
  const commands: Command[] = [];
  for (const [i, stage] of plan.stages.entries()) {
    const { layer, kernel, bias } = stage;
    const [x, y] = [at.acts[i], at.acts[i + 1]];
    if (layer.kind === 'maxpool') {
      commands.push(await gpu.command(poolForward(poolShape(layer), at.capacity), [x, y, at.taps[i]!]));
      continue;
    }
    if (layer.kind !== 'dense' && layer.kind !== 'conv') throw unknown(layer.kind);
    const relu = layer.activation === 'relu';
    const place = placeOf(stage);
    const product =
      layer.kind === 'dense'
        ? denseForward(layer, place, at.capacity, relu)
        : convForward(convShape(layer), place, at.capacity, relu);
    const biases = bias ? [parameters.locate(bias)] : [];
    commands.push(await gpu.product(product, [x, parameters.locate(kernel!), y, ...biases]));
  }
  return commands;
}

/** What a training needs beside the activations. */
export interface Flow {
  grads: GPUBuffer;
  /** Gradient of the output of stage i. */
  flows: GPUBuffer[];
  /** Partial sums of the gradients of convolutions; null where there is none. */
  partials: GPUBuffer | null;
}
export function makeFlow(gpu: Gpu, plan: Plan, batch: number): Flow {
  const partials = plan.stages.map(({ layer }) => {
    if (layer.kind !== 'conv') return 0;
    const s = convShape(layer);
    return convSplits(s, batch) > 1 ? convPartials(s, batch) : 0;
  });
  const most = Math.max(...partials);
  return {
    grads: gpu.buffer('gradients', plan.arena * FLOAT),
    flows: plan.stages.map((s) => gpu.buffer(`gradient of ${s.layer.name}`, batch * s.outSize * FLOAT)),
    partials: most > 0 ? gpu.buffer('partial sums', most * FLOAT) : null,
  };
}
export const freeFlow = (gpu: Gpu, { grads, flows, partials }: Flow): void =>
  gpu.free(grads, ...flows, partials);

/** From the gradient of the logits, in the last of `flows`, to those of all parameters. */
export async function backwardCommands(
  gpu: Gpu,
  plan: Plan,
  at: Acts,
  flow: Flow,
  parameters: GpuParameters,
  batch: number,
): Promise<Command[]> {
  const commands: Command[] = [];
  for (let i = plan.stages.length - 1; i >= 0; i--) {
    const stage = plan.stages[i];
    const { layer } = stage;
    const [x, dy, dx] = [at.acts[i], flow.flows[i], flow.flows[i - 1]];
    // The gradient of the relu below is taken by whoever writes what flows into it.
    const relu = plan.stages[i - 1]?.reluGradient ?? false;
    const below = relu ? [x] : [];
    if (layer.kind === 'maxpool') {
      const kernel = poolBackward(poolShape(layer), batch, relu);
      if (dx) commands.push(await gpu.command(kernel, [dy, at.taps[i]!, dx, ...below]));
      continue;
    }
    const place = placeOf(stage);
    const w = parameters.locate(stage.kernel!);
    if (layer.kind === 'dense') {
      commands.push(await gpu.product(denseBackwardWeights(layer, place, batch), [x, dy, flow.grads]));
      if (dx)
        commands.push(
          await gpu.product(denseBackwardInput(layer, place, batch, relu), [dy, w, dx, ...below]),
        );
      continue;
    }
    if (layer.kind !== 'conv') throw unknown(layer.kind);
    const s = convShape(layer);
    const reduce = convReduce(s, place, batch);
    const sums = reduce ? flow.partials! : flow.grads;
    commands.push(await gpu.product(convBackwardWeights(s, place, batch), [x, dy, sums]));
    if (reduce) commands.push(await gpu.command(reduce, [sums, flow.grads]));
    if (dx) commands.push(await gpu.product(convBackwardInput(s, place, batch, relu), [dy, w, dx, ...below]));
  }
  return commands;
}

/** Effective weights of all quantized kernels from the latent ones, and the buffers that belong to it. */
export async function quantCommands(gpu: Gpu, parameters: GpuParameters): Promise<[Command[], GPUBuffer[]]> {
  const commands: Command[] = [];
  const buffers: GPUBuffer[] = [];
  const { latent, mask, effective } = parameters;
  for (const slot of parameters.quantized) {
    const { bits, scheme, granularity } = parameters.specOf(slot);
    const ranges = granularity === 'channel' ? slot.shape[slot.shape.length - 1] : 1;
    const shape = { offset: slot.offset, length: slot.length, ranges, bits, scheme };
    const found = gpu.buffer(`ranges of ${slot.name}`, ranges * 2 * FLOAT);
    buffers.push(found);
    commands.push(await gpu.command(quantRanges(shape), [latent, mask, found]));
    commands.push(await gpu.command(quantWeights(shape), [latent, mask, found, effective!]));
  }
  return [commands, buffers];
}
