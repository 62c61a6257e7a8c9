/** A plan as lists of kernels with their places in memory: made once, encoded for every step. */
import { addForward } from '../../../kernels/add/wgsl';
import {
  avgPoolBackward,
  avgPoolForward,
  globalPoolBackward,
  globalPoolForward,
} from '../../../kernels/avg-pool/wgsl';
import {
  normBackward,
  normBackwardSums,
  normEval,
  normStats,
  normSums,
  normTrain,
} from '../../../kernels/batch-norm/wgsl';
import {
  convBackwardInput,
  convBackwardWeights,
  convForward,
  convPartials,
  convReduce,
  convSplits,
} from '../../../kernels/conv/wgsl';
import { denseBackwardInput, denseBackwardWeights, denseForward } from '../../../kernels/dense/wgsl';
import {
  depthwiseBackwardInput,
  depthwiseBackwardWeights,
  depthwiseForward,
  depthwisePartials,
  depthwiseReduce,
} from '../../../kernels/depthwise/wgsl';
import { quantRanges, quantWeights } from '../../../kernels/fake-quant/wgsl';
import { poolBackward, poolForward } from '../../../kernels/max-pool/wgsl';
import type { Gemm } from '../../../kernels/webgpu/gemm';
import { type Command, type Gpu, type Region, slice } from '../../../kernels/webgpu/gpu';
import { type Into, type Place, sumGradients } from '../../../kernels/webgpu/gradient';
import type { Kernel } from '../../../kernels/webgpu/kernel';
import type { Quants } from '../../../models/types';
import { convShape, depthwiseShape, globalPoolShape, poolShape } from '../layout';
import { type NormSlots, type Plan, type Slot, type Stage, valueSize } from '../plan';
import { type GradientFlow, planGradients, type Written } from './flow';
import type { Arenas } from './parameters';

const FLOAT = 4;

/** A kernel and what it works on: regions of one network, or of a stack of them. */
export interface Op {
  readonly kernel: Kernel;
  readonly regions: readonly Region[];
}
/** Commands of network `index` alone. */
export const commandsOf = (gpu: Gpu, ops: readonly Op[], index: number): Promise<Command[]> =>
  Promise.all(
    ops.map(({ kernel, regions }) =>
      gpu.command(
        kernel,
        regions.map((r) => slice(r, index)),
      ),
    ),
  );
/** Commands that each serve all networks of a stack. */
export const stackedCommands = (gpu: Gpu, ops: readonly Op[], count: number): Promise<Command[]> =>
  Promise.all(ops.map(({ kernel, regions }) => gpu.command(kernel, regions, count)));

/** Activations for at most `capacity` images, of `count` networks. */
export interface Acts {
  capacity: number;
  /** By number of value: the images, then the output of each stage; the last one is the logits. */
  acts: Region[];
  /** Per stage, origin of each pooled value; null for others. */
  taps: (Region | null)[];
  /** Labels of the images, one word each. */
  picked: Region;
}

/** Makes regions; frees all of them, also when one does not fit. */
export class Allocation {
  readonly #made: Region[] = [];
  constructor(
    readonly gpu: Gpu,
    readonly count: number,
  ) {}
  floats(label: string, length: number, usage?: number): Region {
    const region = this.gpu.region(label, length * FLOAT, usage ? 1 : this.count, usage);
    this.#made.push(region);
    return region;
  }
  /** One for all networks. */
  shared(label: string, length: number): Region {
    const region = this.gpu.region(label, length * FLOAT);
    this.#made.push(region);
    return region;
  }
  free(): void {
    this.gpu.free(...this.#made.splice(0));
  }
}

export function makeActs(room: Allocation, plan: Plan, capacity: number): Acts {
  const of = (name: string, size: number) => room.floats(name, capacity * size);
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

/** What a training needs beside the activations. */
export interface Backflow {
  flow: GradientFlow;
  grads: Region;
  /** By number of buffer of the flow. */
  buffers: Region[];
  /** Partial sums of gradients; null where there is none. */
  partials: Region | null;
  /** Per stage, of batch norms: statistics and partial sums; null for others. */
  stats: (Region | null)[];
}
export function makeBackflow(room: Allocation, plan: Plan, batch: number): Backflow {
  const flow = planGradients(plan);
  const most = Math.max(...plan.stages.map((stage) => partialsOf(stage, batch)));
  return {
    flow,
    grads: room.floats('gradients', plan.trained),
    buffers: flow.buffers.map((size) => room.floats('gradients of values', batch * size)),
    partials: most > 0 ? room.floats('partial sums', most) : null,
    stats: plan.stages.map(({ layer, outSize }) => {
      if (layer.kind !== 'batchnorm') return null;
      const c = layer.out[2];
      return room.floats('statistics', normStats(c, (batch * outSize) / c));
    }),
  };
}
function partialsOf({ layer }: Stage, batch: number): number {
  if (layer.kind === 'depthwise') return depthwisePartials(depthwiseShape(layer), batch);
  if (layer.kind !== 'conv') return 0;
  const s = convShape(layer);
  return convSplits(s, batch) > 1 ? convPartials(s, batch) : 0;
}

const placeOf = ({ kernel, bias }: Stage): Place => ({ kernel: kernel!.offset, bias: bias?.offset ?? null });
const normPlace = ({ gamma, beta, mean, variance }: NormSlots) => ({
  gamma: gamma.offset,
  beta: beta.offset,
  mean: mean.offset,
  variance: variance.offset,
});

/** Layers whose kernels are executed in other forms than dense. */
export interface Deployment {
  has(stage: Stage, acts: Acts): boolean;
  /** From x to y, for at most as many images as `acts` has room for. */
  record(stage: Stage, acts: Acts, x: Region, y: Region): Promise<Op[]>;
}

/** Writes down a pass; matrix products are raced here, so that all networks of a stack get the same variant. */
export class Recorder {
  readonly ops: Op[] = [];
  constructor(
    readonly arenas: Arenas,
    readonly acts: Acts,
    readonly quant: Quants,
    readonly deployed?: Deployment,
  ) {}
  /** Where passes find a tensor. */
  locate(slot: Slot): Region {
    return this.quant[slot.name] ? this.arenas.effective : this.arenas.latent;
  }
  add(kernel: Kernel, ...regions: Region[]): void {
    this.ops.push({ kernel, regions });
  }
  async product(g: Gemm, ...regions: Region[]): Promise<void> {
    const kernel = await this.arenas.gpu.product(
      g,
      regions.map((r) => slice(r, 0)),
    );
    this.add(kernel, ...regions);
  }
}

/** From `acts[0]` to the logits; batch norms by the statistics of the batch where there is a `train`. */
export async function recordForward(to: Recorder, train?: Backflow): Promise<void> {
  for (const i of to.arenas.plan.stages.keys()) await recordStage(to, i, train);
}
async function recordStage(to: Recorder, i: number, train?: Backflow): Promise<void> {
  const stage = to.arenas.plan.stages[i];
  const { layer, kernel, bias, norm, inputs, outSize } = stage;
  const { acts, taps, capacity } = to.acts;
  const [x, y] = [acts[inputs[0]], acts[i + 1]];
  if (to.deployed?.has(stage, to.acts)) {
    to.ops.push(...(await to.deployed.record(stage, to.acts, x, y)));
    return;
  }
  const biases = bias ? [to.locate(bias)] : [];
  switch (layer.kind) {
    case 'dense':
      return to.product(
        denseForward(layer, placeOf(stage), capacity, layer.activation === 'relu'),
        ...[x, to.locate(kernel!), y, ...biases],
      );
    case 'conv':
      return to.product(
        convForward(convShape(layer), placeOf(stage), capacity, layer.activation === 'relu'),
        ...[x, to.locate(kernel!), y, ...biases],
      );
    case 'depthwise':
      return to.add(
        depthwiseForward(depthwiseShape(layer), placeOf(stage), capacity, layer.activation === 'relu'),
        ...[x, to.locate(kernel!), y, ...biases],
      );
    case 'maxpool':
      return to.add(poolForward(poolShape(layer), capacity), x, y, taps[i]!);
    case 'avgpool':
      return to.add(avgPoolForward(poolShape(layer), capacity), x, y);
    case 'globalpool':
      return to.add(globalPoolForward(globalPoolShape(layer), capacity), x, y);
    case 'add':
      return to.add(addForward(outSize, capacity, layer.activation === 'relu'), x, acts[inputs[1]], y);
    case 'batchnorm': {
      const s = { c: layer.out[2], epsilon: layer.epsilon, momentum: layer.momentum };
      const relu = layer.activation === 'relu';
      const { latent } = to.arenas;
      const positions = outSize / s.c;
      if (!train) return to.add(normEval(s, normPlace(norm!), positions, capacity, relu), x, latent, y);
      const stats = train.stats[i]!;
      to.add(normSums(s.c, capacity * positions), x, stats);
      return to.add(normTrain(s, normPlace(norm!), capacity * positions, relu), x, stats, latent, y);
    }
  }
}

/** From the gradient of the logits to those of all parameters. */
export async function recordBackward(to: Recorder, train: Backflow): Promise<void> {
  for (const step of train.flow.steps) {
    if (step.stage !== null) await recordGradients(to, train, step.stage, train.buffers[step.dy], step.into);
    else {
      const size = to.acts.capacity * valueSize(to.arenas.plan, step.into.value);
      to.add(sumGradients(size, intoOf(step.into)), ...written(to, train, step.into));
    }
  }
}
const PLAIN: Into = { relu: false, others: 0 };
const intoOf = ({ relu, others }: Written): Into => ({ relu, others: others.length });
/** Regions as of `Into`, the written one first; none where nothing is written. */
function written({ acts }: Recorder, { buffers }: Backflow, into: Written | null): Region[] {
  if (!into) return [];
  const below = into.relu ? [acts.acts[into.value]] : [];
  return [buffers[into.buffer], ...below, ...into.others.map((i) => buffers[i])];
}

async function recordGradients(
  to: Recorder,
  train: Backflow,
  i: number,
  dy: Region,
  into: Written | null,
): Promise<void> {
  const stage = to.arenas.plan.stages[i];
  const { layer, kernel, norm, inputs, outSize } = stage;
  const batch = to.acts.capacity;
  const x = to.acts.acts[inputs[0]];
  const dx = written(to, train, into);
  const how = into ? intoOf(into) : PLAIN;
  switch (layer.kind) {
    case 'dense':
      await to.product(denseBackwardWeights(layer, placeOf(stage), batch), x, dy, train.grads);
      if (into)
        await to.product(
          denseBackwardInput(layer, placeOf(stage), batch, how),
          ...[dy, to.locate(kernel!), ...dx],
        );
      return;
    case 'conv': {
      const s = convShape(layer);
      const reduce = convReduce(s, placeOf(stage), batch);
      const sums = reduce ? train.partials! : train.grads;
      await to.product(convBackwardWeights(s, placeOf(stage), batch), x, dy, sums);
      if (reduce) to.add(reduce, sums, train.grads);
      if (into)
        await to.product(
          convBackwardInput(s, placeOf(stage), batch, how),
          ...[dy, to.locate(kernel!), ...dx],
        );
      return;
    }
    case 'depthwise': {
      const s = depthwiseShape(layer);
      to.add(depthwiseBackwardWeights(s, batch), x, dy, train.partials!);
      to.add(depthwiseReduce(s, placeOf(stage), batch), train.partials!, train.grads);
      if (into)
        to.add(depthwiseBackwardInput(s, placeOf(stage), batch, how), ...[dy, to.locate(kernel!), ...dx]);
      return;
    }
    case 'batchnorm': {
      const c = layer.out[2];
      const rows = (batch * outSize) / c;
      const stats = train.stats[i]!;
      to.add(normBackwardSums(c, rows), x, dy, stats);
      to.add(
        normBackward(c, normPlace(norm!), rows, into && how),
        ...[x, dy, stats, to.arenas.latent, train.grads, ...dx],
      );
      return;
    }
    case 'maxpool':
      return to.add(poolBackward(poolShape(layer), batch, how), dy, to.acts.taps[i]!, ...dx);
    case 'avgpool':
      return to.add(avgPoolBackward(poolShape(layer), batch, how), dy, ...dx);
    case 'globalpool':
      return to.add(globalPoolBackward(globalPoolShape(layer), batch, how), dy, ...dx);
    case 'add':
      throw new Error('the gradient of a sum is handed on');
  }
}

/** Effective weights of all quantized kernels from the latent ones. */
export function recordQuants(to: Recorder, room: Allocation): void {
  const { latent, mask, plan } = to.arenas;
  for (const slot of plan.slots) {
    const found = to.quant[slot.name];
    if (!found) continue;
    const { bits, scheme, granularity } = found;
    const ranges = granularity === 'channel' ? slot.shape[slot.shape.length - 1] : 1;
    const shape = { offset: slot.offset, length: slot.length, ranges, bits, scheme };
    const limits = room.floats(`ranges of ${slot.name}`, ranges * 2);
    to.add(quantRanges(shape), latent, mask, limits);
    to.add(quantWeights(shape), latent, mask, limits, to.arenas.effective);
  }
}
