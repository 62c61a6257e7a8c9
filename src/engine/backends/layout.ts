/** Where everything of one network lies in a machine's memory. All pointers are bytes. */

import type { GlobalPoolShape } from '../../kernels/avg-pool/contract';
import type { ConvShape } from '../../kernels/conv/contract';
import type { DepthwiseShape } from '../../kernels/depthwise/contract';
import type { Places } from '../../kernels/forms/types';
import { MOVE_BYTES } from '../../kernels/gather/contract';
import type { Machine } from '../../kernels/machine';
import type { PoolShape } from '../../kernels/max-pool/contract';
import type { Ptr } from '../../kernels/memory';
import type { ConvLayer, DepthwiseLayer, GlobalPoolLayer, Layer, PoolLayer } from '../../models/types';
import type { PackedLayer } from '../deploy/pack';
import type { FlowPlan } from './flow';
import type { Plan } from './plan';

/** A kernel in another form, and where its arrays lie. */
export interface Deployed extends PackedLayer {
  readonly places: Places;
}
/** Kernels in other forms, by name of the layer. */
export type PackedLayers = ReadonlyMap<string, PackedLayer>;

/** What lasts from load to load. */
export interface StaticLayout {
  weights: Ptr;
  /** Masked and quantized weights, where they differ from the latent ones. */
  effective: Ptr;
  mask: Ptr;
  /** The same, and 0 for weights that are held: what optimizers go by. */
  trained: Ptr;
  /** Per stage, the kernel of a convolution in the machine's own form; 0 for other stages and forms. */
  packed: Ptr[];
  /** Per stage that is executed in another form than dense. */
  deployed: (Deployed | undefined)[];
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
  /** One block of patches, of a convolution that is executed in another form. */
  patches: Ptr;
  training?: TrainLayout;
  /** First byte behind all this. */
  end: Ptr;
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
  /** Gates of rows, and the loss's gradient by them, in the order of the job. */
  gates: Ptr;
  gateGrads: Ptr;
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

export function layStatic(plan: Plan, machine: Machine, forms: PackedLayers): StaticLayout {
  const c = cursor(Math.ceil(machine.base / 64) * 64);
  const layout = {
    weights: c.take(plan.arena * FLOAT),
    effective: c.take(plan.arena * FLOAT),
    mask: c.take(plan.arena),
    trained: c.take(plan.arena),
    packed: plan.stages.map(({ layer }) =>
      layer.kind === 'conv' && !forms.has(layer.name) ? c.take(machine.packedConvBytes(convShape(layer))) : 0,
    ),
    deployed: plan.stages.map(({ layer }) => {
      const packed = forms.get(layer.name);
      return packed && { ...packed, places: placesOf(packed, c.take) };
    }),
  };
  machine.reserve(c.at());
  for (const deployed of layout.deployed) if (deployed) write(machine, deployed);
  return { ...layout, end: c.at() };
}
function placesOf({ packed }: PackedLayer, take: (bytes: number) => Ptr): Places {
  return Object.fromEntries(Object.entries(packed).map(([name, a]) => [name, take(a.byteLength)]));
}
function write({ bytes }: Machine, { packed, places }: Deployed): void {
  for (const [name, { buffer, byteOffset, byteLength }] of Object.entries(packed)) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), places[name]);
  }
}

/** Patches are made for so many bytes at a time, so that the product finds them in the cache. */
const PATCH_BYTES = 2 ** 17;
/** Rows of patches at a time. */
export const patchRows = ({ shape }: PackedLayer): number =>
  Math.max(8, Math.floor(PATCH_BYTES / (shape.in * FLOAT) / 8) * 8);
/** False where the image itself is the matrix of patches. */
export const needsPatches = (layer: Layer): layer is ConvLayer =>
  layer.kind === 'conv' && (layer.kernel > 1 || layer.stride > 1 || layer.pad > 0);

export function layWork(
  plan: Plan,
  machine: Machine,
  fixed: StaticLayout,
  capacity: number,
  trainBatch: number,
  flow: FlowPlan,
  gates = 0,
): WorkLayout {
  const c = cursor(fixed.end);
  const layout: Omit<WorkLayout, 'end'> = {
    capacity,
    pixels: c.take(capacity * plan.inputSize),
    labels: c.take(capacity),
    acts: [plan.inputSize, ...plan.stages.map((s) => s.outSize)].map((n) => c.take(capacity * n * FLOAT)),
    taps: plan.stages.map((s) => (s.layer.kind === 'maxpool' ? c.take(capacity * s.outSize * FLOAT) : 0)),
    scratch: c.take(scratchBytes(plan, machine, capacity, fixed.deployed)),
    patches: c.take(patchBytes(plan, fixed.deployed)),
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
      gates: c.take(gates * FLOAT),
      gateGrads: c.take(gates * FLOAT),
      teacher: rows(plan.classes),
      moves: c.take(trainBatch * MOVE_BYTES),
    };
  }
  machine.reserve(c.at());
  machine.setScratch(layout.scratch);
  return { ...layout, end: c.at() };
}

function patchBytes(plan: Plan, deployed: StaticLayout['deployed']): number {
  const sizes = plan.stages.map(({ layer }, i) => {
    const form = deployed[i];
    return form && needsPatches(layer) ? patchRows(form) * form.shape.in * FLOAT : 0;
  });
  return Math.max(...sizes);
}

function scratchBytes(
  plan: Plan,
  machine: Machine,
  batch: number,
  deployed: StaticLayout['deployed'],
): number {
  const sizes = plan.stages.map(({ layer, outSize }, i) => {
    const form = deployed[i];
    if (form) {
      const rows = needsPatches(layer) ? patchRows(form) : (batch * outSize) / form.shape.out;
      return form.form.scratch(machine, form.shape, rows);
    }
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
