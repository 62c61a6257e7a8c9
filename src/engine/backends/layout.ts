/** Where everything of one network lies in a machine's memory. All pointers are bytes. */

import type { GlobalPoolShape } from '../../kernels/avg-pool/contract';
import type { ConvShape } from '../../kernels/conv/contract';
import type { DepthwiseShape } from '../../kernels/depthwise/contract';
import { MOVE_BYTES } from '../../kernels/gather/contract';
import type { Machine } from '../../kernels/machine';
import type { PoolShape } from '../../kernels/max-pool/contract';
import type { Ptr } from '../../kernels/memory';
import type { ConvLayer, DepthwiseLayer, GlobalPoolLayer, PoolLayer } from '../../models/types';
import type { FlowPlan } from './flow';
import type { Plan } from './plan';

/** What lasts from load to load. */
export interface StaticLayout {
  weights: Ptr;
  /** Masked and quantized weights, where they differ from the latent ones. */
  effective: Ptr;
  mask: Ptr;
  /** Per stage, the kernel of a convolution in the machine's own form; 0 for other stages. */
  packed: Ptr[];
  end: Ptr;
}
/** What is laid out anew when the batch grows or a training starts. */
export interface WorkLayout {
  /** Images that fit. */
  capacity: number;
  pixels: Ptr;
  labels: Ptr;
  /** By number of value: the images, then the output of each stage; the last one is the logits. */
  acts: Ptr[];
  /** Per stage, origin of each pooled value; 0 for others. */
  taps: Ptr[];
  scratch: Ptr;
  training?: TrainLayout;
}
export interface TrainLayout {
  batch: number;
  grads: Ptr;
  /** First moment, or velocity. */
  m: Ptr;
  v: Ptr;
  /** Buffers of a FlowPlan, and the one in which a gradient waits to be added. */
  flow: Ptr[];
  spare: Ptr;
  /** Per stage, mean and 1 / standard deviation of the batch; 0 for all but batch norms. */
  saved: Ptr[];
  /** Logits of the teacher; random crops and flips. */
  teacher: Ptr;
  moves: Ptr;
}

/** Kernels may read a vector or two past the end of a buffer. */
const SLACK = 64;
const FLOAT = 4;

function cursor(start: Ptr): { take(bytes: number): Ptr; at(): Ptr } {
  let next = start;
  return {
    take(bytes) {
      const ptr = next;
      next = Math.ceil((next + bytes + SLACK) / 64) * 64;
      return ptr;
    },
    at: () => next,
  };
}

export function layStatic(plan: Plan, machine: Machine): StaticLayout {
  const c = cursor(Math.ceil(machine.base / 64) * 64);
  const layout = {
    weights: c.take(plan.arena * FLOAT),
    effective: c.take(plan.arena * FLOAT),
    mask: c.take(plan.arena),
    packed: plan.stages.map(({ layer }) =>
      layer.kind === 'conv' ? c.take(machine.packedConvBytes(convShape(layer))) : 0,
    ),
  };
  machine.reserve(c.at());
  return { ...layout, end: c.at() };
}

export function layWork(
  plan: Plan,
  machine: Machine,
  start: Ptr,
  capacity: number,
  trainBatch: number,
  flow: FlowPlan,
): WorkLayout {
  const c = cursor(start);
  const layout: WorkLayout = {
    capacity,
    pixels: c.take(capacity * plan.inputSize),
    labels: c.take(capacity),
    acts: [plan.inputSize, ...plan.stages.map((s) => s.outSize)].map((n) => c.take(capacity * n * FLOAT)),
    taps: plan.stages.map((s) => (s.layer.kind === 'maxpool' ? c.take(capacity * s.outSize * FLOAT) : 0)),
    scratch: c.take(scratchBytes(plan, machine, capacity)),
  };
  if (trainBatch > 0) {
    const arena = () => c.take(plan.trained * FLOAT);
    const rows = (n: number) => c.take(trainBatch * n * FLOAT);
    layout.training = {
      batch: trainBatch,
      grads: arena(),
      m: arena(),
      v: arena(),
      flow: flow.buffers.map(rows),
      spare: rows(flow.spare),
      saved: plan.stages.map(({ norm }) => (norm ? c.take(2 * norm.mean.length * FLOAT) : 0)),
      teacher: rows(plan.classes),
      moves: c.take(trainBatch * MOVE_BYTES),
    };
  }
  machine.reserve(c.at());
  machine.setScratch(layout.scratch);
  return layout;
}

function scratchBytes(plan: Plan, machine: Machine, batch: number): number {
  const sizes = plan.stages.map(({ layer }) => {
    if (layer.kind === 'dense') return machine.scratchDense(layer, batch);
    return layer.kind === 'conv' ? machine.scratchConv(convShape(layer)) : 0;
  });
  return Math.max(...sizes);
}

export const convShape = (l: ConvLayer): ConvShape => ({
  h: l.in[0],
  w: l.in[1],
  c: l.in[2],
  oh: l.out[0],
  ow: l.out[1],
  n: l.out[2],
  k: l.kernel,
  stride: l.stride,
  pad: l.pad,
});
export const depthwiseShape = (l: DepthwiseLayer): DepthwiseShape => ({
  h: l.in[0],
  w: l.in[1],
  c: l.in[2],
  oh: l.out[0],
  ow: l.out[1],
  k: l.kernel,
  stride: l.stride,
  pad: l.pad,
});
export const globalPoolShape = ({ in: [h, w, c] }: GlobalPoolLayer): GlobalPoolShape => ({ h, w, c });
export const poolShape = (l: PoolLayer): PoolShape => ({
  h: l.in[0],
  w: l.in[1],
  c: l.in[2],
  oh: l.out[0],
  ow: l.out[1],
  size: l.size,
  stride: l.stride,
});
