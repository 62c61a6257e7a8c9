/** Our WebGPU executor, op by op and in whole trainings, against the plain reference and the SIMD path. */
import { openSimd } from '../../src/engine/backends/simd';
import { openWebgpu } from '../../src/engine/backends/webgpu';
import { openDevice } from '../../src/engine/device/gpu';
import {
  distance,
  tinyExamples,
  tinyMasks,
  tinyMlp,
  tinyWeights,
  uniform,
} from '../../src/engine/device/trial';
import type { Backend, OptimizerSpec } from '../../src/engine/types';
import type { ConvShape } from '../../src/kernels/conv/contract';
import {
  convBackwardInput,
  convBackwardWeights,
  convForward,
  convPartials,
  convReduce,
} from '../../src/kernels/conv/wgsl';
import type { DenseShape } from '../../src/kernels/dense/contract';
import {
  denseBackwardInput,
  denseBackwardWeights,
  denseForward,
  type Place,
} from '../../src/kernels/dense/wgsl';
import { quantRanges, quantWeights } from '../../src/kernels/fake-quant/wgsl';
import type { PoolShape } from '../../src/kernels/max-pool/contract';
import { poolBackward, poolForward } from '../../src/kernels/max-pool/wgsl';
import { adam, sgd } from '../../src/kernels/optimizer/wgsl';
import { referenceMachine } from '../../src/kernels/reference/machine';
import { softmaxEvaluation, softmaxTraining } from '../../src/kernels/softmax-loss/wgsl';
import { gemmKernel, VARIANTS, type VariantId } from '../../src/kernels/webgpu/gemm';
import { Gpu } from '../../src/kernels/webgpu/gpu';
import type { Kernel } from '../../src/kernels/webgpu/kernel';
import { fakeQuant } from '../../src/methods/fake-quant';
import { lenet300 } from '../../src/models/lenet-300-100';
import type { QuantSpec, Tensors } from '../../src/models/types';

export const ADAM: OptimizerSpec = { kind: 'adam', lr: 1.2e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
export const NESTEROV: OptimizerSpec = { kind: 'sgd', lr: 0.1, momentum: 0.9, nesterov: true };

type Values = Float32Array | Uint32Array;
/** Largest difference relative to the largest value; NaN must be where NaN is. */
function off(got: ArrayLike<number>, want: ArrayLike<number>): number {
  if (got.length !== want.length || want.length === 0) return Number.POSITIVE_INFINITY;
  let worst = 0;
  let scale = 1;
  for (let i = 0; i < want.length; i++) {
    if (Number.isFinite(want[i])) scale = Math.max(scale, Math.abs(want[i]));
  }
  for (let i = 0; i < want.length; i++) {
    if (Number.isNaN(want[i]) && Number.isNaN(got[i])) continue;
    const d = Math.abs(got[i] - want[i]);
    worst = Math.max(worst, Number.isNaN(d) ? Number.POSITIVE_INFINITY : d);
  }
  return worst / scale;
}

/** Kernels on one device; buffers are freed after every run. */
class Bench {
  constructor(readonly gpu: Gpu) {}
  /** Runs kernels over named buffers, given by values or by a length of zeros; gives the wanted ones back. */
  async run(
    buffers: Record<string, Values | number>,
    kernels: readonly (readonly [Kernel, readonly string[], images?: number])[],
    want: readonly string[],
  ): Promise<Record<string, Float32Array>> {
    const made = new Map<string, GPUBuffer>();
    for (const [name, content] of Object.entries(buffers)) {
      const bytes = (typeof content === 'number' ? content : content.length) * 4;
      const usage = name === 'rates' ? GPUBufferUsage.UNIFORM : undefined;
      const buffer = this.gpu.buffer(name, bytes, usage);
      if (typeof content !== 'number') this.gpu.write(buffer, 0, content);
      made.set(name, buffer);
    }
    const commands = await Promise.all(
      kernels.map(([kernel, names]) =>
        this.gpu.command(
          kernel,
          names.map((n) => made.get(n)!),
        ),
      ),
    );
    this.gpu.submit((pass) => {
      for (const [i, command] of commands.entries()) this.gpu.encode(pass, command, kernels[i][2] ?? 1);
    });
    const out: Record<string, Float32Array> = {};
    for (const name of want) {
      const content = buffers[name];
      const length = typeof content === 'number' ? content : content.length;
      out[name] = new Float32Array(await this.gpu.read(made.get(name)!, length * 4));
    }
    this.gpu.free(...made.values());
    return out;
  }
}

/** The oracle with a little allocator. */
function oracle() {
  const m = referenceMachine();
  let next = 16;
  const room = (floats: number) => {
    const at = next;
    next += Math.ceil((floats * 4 + 64) / 16) * 16;
    m.reserve(next);
    return at;
  };
  return {
    m,
    room,
    put(values: Float32Array): number {
      const at = room(values.length);
      m.floats.set(values, at / 4);
      return at;
    },
    bytes(values: ArrayLike<number>): number {
      const at = room(values.length);
      m.bytes.set(values, at);
      return at;
    },
    take: (at: number, n: number) => m.floats.slice(at / 4, at / 4 + n),
  };
}
const random = (seed: number, n: number, zeros = 0.2) => {
  const draw = uniform(seed);
  return Float32Array.from({ length: n }, () => (draw() < zeros ? 0 : draw() * 2 - 1));
};
/** The kernel at 4, the bias after it with a gap, as in an arena. */
function arenaOf(w: Float32Array, b: Float32Array): { place: Place; arena: Float32Array } {
  const bias = 4 + Math.ceil(w.length / 4) * 4 + 4;
  const arena = new Float32Array(Math.ceil((bias + b.length) / 4) * 4).fill(7);
  arena.set(w, 4);
  arena.set(b, bias);
  return { place: { kernel: 4, bias }, arena };
}
const gradientsOf = (grads: Float32Array, { kernel, bias }: Place, length: number, n: number) => ({
  dw: grads.slice(kernel, kernel + length),
  db: grads.slice(bias!, bias! + n),
  // Everything outside must be left alone.
  rest: grads.filter((_, i) => i < kernel || (i >= kernel + length && i < bias!) || i >= bias! + n),
});

type Offs = Record<string, number>;

async function denseOff(
  bench: Bench,
  s: DenseShape,
  batch: number,
  id: VariantId,
  nan: boolean,
): Promise<Offs> {
  const x = random(1, batch * s.in);
  const w = random(2, s.in * s.out);
  const b = random(3, s.out);
  const dy = random(4, batch * s.out);
  if (nan) x[x.length - 1] = dy[dy.length - 1] = Number.NaN;
  const { place, arena } = arenaOf(w, b);
  const o = oracle();
  const [xp, wp, bp, dyp] = [o.put(x), o.put(w), o.put(b), o.put(dy)];
  const [yp, dwp, dbp, dxp] = [o.room(dy.length), o.room(w.length), o.room(b.length), o.room(x.length)];
  o.m.denseForward(s, xp, wp, 0, bp, yp, batch, true);
  o.m.denseBackwardWeights(s, xp, dyp, dwp, batch);
  o.m.biasGrad(dyp, dbp, batch, s.out);
  o.m.denseBackwardInput(s, dyp, wp, dxp, batch);
  o.m.reluBackward(dxp, xp, x.length);
  const got = await bench.run(
    { x, arena, dy, y: dy.length, grads: arena.length, dx: x.length },
    [
      // Room for more images than are computed, as in an evaluation's last part.
      [gemmKernel(denseForward(s, place, batch, true), id), ['x', 'arena', 'y', 'arena'], batch],
      [gemmKernel(denseBackwardWeights(s, place, batch), id), ['x', 'dy', 'grads']],
      [gemmKernel(denseBackwardInput(s, place, batch, true), id), ['dy', 'arena', 'dx', 'x']],
    ],
    ['y', 'grads', 'dx'],
  );
  const { dw, db, rest } = gradientsOf(got.grads, place, w.length, b.length);
  return {
    y: off(got.y, o.take(yp, dy.length)),
    dw: off(dw, o.take(dwp, w.length)),
    db: off(db, o.take(dbp, b.length)),
    dx: off(got.dx, o.take(dxp, x.length)),
    rest: rest.some((v) => v !== 0) ? 1 : 0,
  };
}

async function convOff(bench: Bench, s: ConvShape, batch: number, id: VariantId): Promise<Offs> {
  const x = random(1, batch * s.h * s.w * s.c);
  const w = random(2, s.k * s.k * s.c * s.n);
  const b = random(3, s.n);
  const dy = random(4, batch * s.oh * s.ow * s.n);
  const { place, arena } = arenaOf(w, b);
  const o = oracle();
  const [xp, wp, bp, dyp] = [o.put(x), o.put(w), o.put(b), o.put(dy)];
  const [yp, dwp, dbp, dxp] = [o.room(dy.length), o.room(w.length), o.room(b.length), o.room(x.length)];
  o.m.convForward(s, xp, wp, 0, bp, yp, batch, true);
  o.m.convBackwardWeights(s, xp, dyp, dwp, batch);
  o.m.biasGrad(dyp, dbp, batch * s.oh * s.ow, s.n);
  o.m.convBackwardInput(s, dyp, wp, dxp, batch);
  const reduce = convReduce(s, place, batch);
  const got = await bench.run(
    { x, arena, dy, y: dy.length, partials: convPartials(s, batch), grads: arena.length, dx: x.length },
    [
      [gemmKernel(convForward(s, place, batch, true), id), ['x', 'arena', 'y', 'arena'], batch],
      [gemmKernel(convBackwardWeights(s, place, batch), id), ['x', 'dy', reduce ? 'partials' : 'grads']],
      ...(reduce ? ([[reduce, ['partials', 'grads']]] as const) : []),
      [gemmKernel(convBackwardInput(s, place, batch, false), id), ['dy', 'arena', 'dx']],
    ],
    ['y', 'grads', 'dx'],
  );
  const { dw, db, rest } = gradientsOf(got.grads, place, w.length, b.length);
  return {
    y: off(got.y, o.take(yp, dy.length)),
    dw: off(dw, o.take(dwp, w.length)),
    db: off(db, o.take(dbp, b.length)),
    dx: off(got.dx, o.take(dxp, x.length)),
    rest: rest.some((v) => v !== 0) ? 1 : 0,
  };
}

async function poolOff(bench: Bench, s: PoolShape, batch: number): Promise<Offs> {
  // Many zeros, so that there are ties; a NaN wins over numbers.
  const x = random(1, batch * s.h * s.w * s.c, 0.6);
  x[0] = Number.NaN;
  const dy = random(2, batch * s.oh * s.ow * s.c, 0);
  const o = oracle();
  const [xp, dyp] = [o.put(x), o.put(dy)];
  const [yp, tp, dxp] = [o.room(dy.length), o.room(dy.length), o.room(x.length)];
  o.m.poolForward(s, xp, yp, tp, batch);
  o.m.poolBackward(s, dyp, tp, dxp, batch);
  const got = await bench.run(
    { x, dy, y: dy.length, taps: dy.length, dx: x.length },
    [
      [poolForward(s, batch), ['x', 'y', 'taps'], batch],
      [poolBackward(s, batch, false), ['dy', 'taps', 'dx']],
    ],
    ['y', 'taps', 'dx'],
  );
  const bits = (f: Float32Array) => new Uint32Array(f.buffer.slice(0));
  return {
    y: off(got.y, o.take(yp, dy.length)),
    taps: off(bits(got.taps), bits(o.take(tp, dy.length))),
    dx: off(got.dx, o.take(dxp, x.length)),
  };
}

async function softmaxOff(bench: Bench, rows: number, classes: number, nan: boolean): Promise<Offs> {
  const z = random(1, rows * classes, 0.5).map((v) => v * 8);
  // The first of equal logits counts.
  if (classes > 2) z[0] = z[1] = 9;
  const labels = Uint32Array.from({ length: rows }, (_, i) => i % classes);
  if (nan) z[z.length - 1] = Number.NaN;
  const o = oracle();
  const [zp, lp, dzp] = [o.put(z), o.bytes(labels), o.room(z.length)];
  const loss = o.m.softmaxLoss(zp, lp, dzp, rows, classes);
  const correct = o.m.lastCorrect();
  const ring = 4;
  const step = 7;
  const state = Uint32Array.of(step, 0, 0, 0);
  const evaluation = Uint32Array.of(0, 0, rows, 0);
  const got = await bench.run(
    { z, labels, state, evaluation, dz: z.length, losses: ring, results: 2 },
    [
      [softmaxTraining(classes, rows, ring, false), ['z', 'labels', 'state', 'dz', 'losses']],
      [softmaxEvaluation(classes, rows + 5), ['z', 'labels', 'evaluation', 'results']],
    ],
    ['dz', 'losses', 'results', 'state'],
  );
  return {
    loss: off([got.losses[step % ring]], [loss / rows]),
    dz: off(got.dz, o.take(dzp, z.length)),
    sum: off([got.results[0]], [loss]),
    correct: off([new Uint32Array(got.results.buffer)[1]], [correct]),
    step: off([new Uint32Array(got.state.buffer)[0]], [step + 1]),
  };
}

async function optimizerOff(bench: Bench, n: number, spec: OptimizerSpec, steps = 3): Promise<Offs> {
  const w = random(1, n, 0);
  const mask = Uint8Array.from({ length: n }, (_, i) => (i % 3 === 1 ? 0 : 0xff));
  const grads = Array.from({ length: steps }, (_, t) => random(10 + t, n, 0.1));
  // Exactly zero even where the gradient is not a number.
  grads[0][1] = Number.NaN;
  const o = oracle();
  const [wp, mp, vp, kp] = [o.put(w), o.put(new Float32Array(n)), o.put(new Float32Array(n)), o.bytes(mask)];
  const stride = 2;
  const schedule = new Float32Array(steps * stride);
  grads.forEach((g, t) => {
    const gp = o.put(g);
    if (spec.kind !== 'sgd') {
      o.m.adam(wp, gp, mp, vp, kp, n, spec, t + 1);
      schedule[2 * t] = 1 / (1 - spec.beta1 ** (t + 1));
      schedule[2 * t + 1] = 1 / (1 - spec.beta2 ** (t + 1));
    } else o.m.sgd(wp, gp, vp, kp, n, spec);
  });
  const rates =
    spec.kind !== 'sgd'
      ? Float32Array.of(spec.lr, spec.beta1, spec.beta2, spec.epsilon, 1 - spec.beta1, 1 - spec.beta2, 0, 0)
      : Float32Array.of(spec.lr, 0, 0, 0, 0, 0, spec.momentum, 0);
  const states = Object.fromEntries(grads.map((_, t) => [`state${t}`, Uint32Array.of(t + 1, 0, 0, 0)]));
  const kernel = spec.kind !== 'sgd' ? adam(n, steps, stride) : sgd(n, spec.momentum !== 0, spec.nesterov);
  const extra = (t: number) =>
    spec.kind !== 'sgd' ? ['m', 'v', `state${t}`, 'schedule'] : spec.momentum !== 0 ? ['v'] : [];
  const got = await bench.run(
    {
      w,
      mask: Float32Array.from(mask, (k) => (k ? 1 : 0)),
      rates,
      schedule,
      m: n,
      v: n,
      ...states,
      ...Object.fromEntries(grads.map((g, t) => [`g${t}`, g])),
    },
    grads.map((_, t) => [kernel, ['w', `g${t}`, 'mask', 'rates', ...extra(t)]] as const),
    ['w'],
  );
  const pruned = got.w.filter((_, i) => mask[i] === 0);
  return {
    w: off(got.w, o.take(wp, n)),
    pruned: pruned.every((v) => Object.is(v, 0)) && pruned.length > 0 ? 0 : 1,
  };
}

async function quantOff(bench: Bench, shape: number[], spec: QuantSpec, prune: boolean): Promise<Offs> {
  const length = shape.reduce((a, b) => a * b, 1);
  const offset = 8;
  const kernel = random(3, length, 0.1);
  const mask = Uint8Array.from({ length }, (_, i) => (prune && i % 3 === 0 ? 0 : 1));
  kernel.forEach((_, i) => {
    if (!mask[i]) kernel[i] = 0;
  });
  const want = fakeQuant(kernel, shape, spec, prune ? mask : undefined);
  const [w, kept] = [new Float32Array(offset + length).fill(9), new Float32Array(offset + length).fill(1)];
  w.set(kernel, offset);
  kept.set(mask, offset);
  const ranges = spec.granularity === 'channel' ? shape[shape.length - 1] : 1;
  const q = { offset, length, ranges, bits: spec.bits, scheme: spec.scheme };
  const got = await bench.run(
    { w, kept, ranges: ranges * 2, effective: offset + length },
    [
      [quantRanges(q), ['w', 'kept', 'ranges']],
      [quantWeights(q), ['w', 'kept', 'ranges', 'effective']],
    ],
    ['effective'],
  );
  return { values: off(got.effective.slice(offset), want) };
}

const withBench = async <T>(work: (bench: Bench) => Promise<T>): Promise<T> => {
  const { device, guard, software } = await openDevice();
  const gpu = new Gpu({ device, guard, software });
  try {
    return await work(new Bench(gpu));
  } finally {
    gpu.dispose();
  }
};
const convShape = (h: number, c: number, n: number, k: number, stride: number, pad: number): ConvShape => {
  const w = h + 1;
  const out = (size: number) => Math.floor((size + 2 * pad - k) / stride) + 1;
  return { h, w, c, oh: out(h), ow: out(w), n, k, stride, pad };
};
const poolShape = (h: number, w: number, c: number, size: number, stride: number): PoolShape => {
  const out = (n: number) => Math.floor((n - size) / stride) + 1;
  return { h, w, c, oh: out(h), ow: out(w), size, stride };
};

const DENSE: [number, number, number][] = [
  [1, 1, 1],
  [3, 7, 13],
  [13, 1, 61],
  [61, 13, 7],
  [8, 12, 5],
  [12, 61, 3],
  [7, 16, 13],
];
const CONV: [ConvShape, number][] = [
  [convShape(5, 1, 3, 3, 1, 0), 1],
  [convShape(7, 3, 7, 3, 1, 1), 3],
  [convShape(7, 4, 8, 5, 1, 2), 2],
  [convShape(9, 2, 5, 2, 2, 0), 3],
  [convShape(8, 4, 13, 3, 2, 1), 2],
  [convShape(13, 1, 4, 5, 3, 2), 2],
];
const POOL: [PoolShape, number][] = [
  [poolShape(4, 4, 3, 2, 2), 3],
  [poolShape(7, 5, 1, 2, 2), 2],
  [poolShape(7, 8, 3, 3, 2), 2],
  [poolShape(9, 9, 2, 3, 1), 1],
  [poolShape(13, 7, 1, 3, 3), 1],
];
const QUANT: QuantSpec[] = (['affine', 'symmetric'] as const).flatMap((scheme) =>
  (['tensor', 'channel'] as const).flatMap((granularity) =>
    [1, 2, 4, 8].map((bits) => ({ bits, scheme, granularity })),
  ),
);

/** Imported when asked for: a test looks whether TensorFlow.js was loaded unasked. */
export const openTfjsWebgpu = async () => (await import('../../src/engine/backends/tfjs')).openTfjs('webgpu');

/** What a training gave, to be compared or to be the same bit by bit. */
interface Trained {
  losses: Float32Array;
  tensors: Tensors;
}
async function trainLenet(backend: Backend, steps: number, runs: number, batch = 60): Promise<Trained> {
  const arch = lenet300.build([28, 28, 1], 10);
  const examples = tinyExamples(arch.input, 128);
  const net = await backend.open(arch);
  try {
    await net.load({ tensors: tinyWeights(arch), masks: tinyMasks(arch, 0.3), quant: {} });
    const indices = (t: number) => Uint32Array.from({ length: batch }, (_, i) => (t * 17 + i * 5) % 128);
    const training = net.train({ examples, batch, optimizer: ADAM, indices });
    const losses: number[] = [];
    for (let run = 0; run < runs; run++) losses.push(...(await training.run(steps)));
    const tensors = await net.read();
    training.dispose();
    return { losses: Float32Array.from(losses), tensors };
  } finally {
    net.dispose();
  }
}
const fingerprint = ({ losses, tensors }: Trained) =>
  [losses, ...Object.values(tensors)].map((t) => {
    let hash = 2166136261;
    for (const word of new Uint32Array(t.buffer, t.byteOffset, t.length))
      hash = Math.imul(hash ^ word, 16777619);
    return hash >>> 0;
  });

export const gpuHarness = {
  variantIds: () => Object.keys(VARIANTS) as VariantId[],
  /**
   * Products at odd sizes: largest relative difference to the reference, by op and size. Not all sizes for every
   * variant: every one is a shader to compile.
   */
  ops(id: VariantId, everySize: boolean, conv: boolean): Promise<Record<string, Offs>> {
    return withBench(async (bench) => {
      const all: Record<string, Offs> = {};
      for (const [i, o, batch] of everySize ? DENSE : DENSE.slice(3, 6)) {
        for (const nan of [false, true]) {
          all[`dense ${i}-${o} x ${batch}${nan ? ' NaN' : ''}`] = await denseOff(
            bench,
            { in: i, out: o },
            batch,
            id,
            nan,
          );
        }
      }
      for (const [s, batch] of !conv ? [] : everySize ? CONV : CONV.slice(1, 3))
        all[`conv ${JSON.stringify(s)} x ${batch}`] = await convOff(bench, s, batch, id);
      return all;
    });
  },
  /** The ops that have one variant. */
  otherOps(): Promise<Record<string, Offs>> {
    return withBench(async (bench) => {
      const all: Record<string, Offs> = {};
      for (const [s, batch] of POOL)
        all[`pool ${JSON.stringify(s)} x ${batch}`] = await poolOff(bench, s, batch);
      for (const [rows, classes] of [
        [1, 1],
        [1, 3],
        [7, 13],
        [61, 10],
        [130, 7],
      ]) {
        for (const nan of [false, true]) {
          all[`softmax ${rows} x ${classes}${nan ? ' NaN' : ''}`] = await softmaxOff(
            bench,
            rows,
            classes,
            nan,
          );
        }
      }
      for (const n of [4, 12, 260]) {
        all[`adam ${n}`] = await optimizerOff(bench, n, ADAM);
        all[`nesterov ${n}`] = await optimizerOff(bench, n, NESTEROV);
        all[`momentum ${n}`] = await optimizerOff(bench, n, {
          ...NESTEROV,
          nesterov: false,
        } as OptimizerSpec);
        all[`sgd ${n}`] = await optimizerOff(bench, n, {
          kind: 'sgd',
          lr: 0.1,
          momentum: 0,
          nesterov: false,
        });
      }
      for (const spec of QUANT) {
        for (const shape of [
          [7, 13],
          [3, 3, 5, 3],
        ]) {
          const what = `quant ${spec.bits} ${spec.scheme} ${spec.granularity} ${shape.join('x')}`;
          for (const prune of [false, true])
            all[what + (prune ? ' pruned' : '')] = await quantOff(bench, shape, spec, prune);
        }
      }
      return all;
    });
  },
  /** LeNet-300-100 on ours and on SIMD; ours twice, for its bits. */
  async lenet(variant?: VariantId) {
    const [ours, simd] = [await openWebgpu({ variant }), await openSimd()];
    const got = await trainLenet(ours, 1, 2);
    const again = await trainLenet(ours, 2, 1);
    const want = await trainLenet(simd, 2, 1);
    ours.dispose();
    simd.dispose();
    return {
      off: distance(got.tensors, want.tensors),
      lossOff: off(got.losses, want.losses),
      losses: [...got.losses],
      bits: [fingerprint(got), fingerprint(again)],
    };
  },
  /** Dispatches of a step and what the device holds, as the steps go by and after everything is disposed of. */
  async resources() {
    const backend = await openWebgpu();
    const arch = lenet300.build([28, 28, 1], 10);
    const small = tinyMlp();
    const examples = tinyExamples(arch.input, 16);
    const net = await backend.open(arch);
    await net.load({ tensors: tinyWeights(arch), masks: {}, quant: {} });
    const batch = 4;
    const indices = (t: number) => Uint32Array.from({ length: batch }, (_, i) => (t + i) % 16);
    const training = net.train({ examples, batch, optimizer: ADAM, indices });
    await training.run(1);
    const before = backend.stats();
    await training.run(3);
    const after = backend.stats();
    training.dispose();
    net.dispose();
    // Two small networks, one after the other, with their own data: nothing but what is cached stays.
    const held: number[] = [];
    const data = tinyExamples(small.input, 16);
    for (let i = 0; i < 3; i++) {
      const other = await backend.open(small);
      await other.load({ tensors: tinyWeights(small), masks: {}, quant: {} });
      const t = other.train({ examples: data, batch, optimizer: NESTEROV, indices });
      await t.run(2);
      await other.evaluate(data, 0, 16);
      other.dispose();
      held.push(backend.stats().bytes);
    }
    backend.dispose();
    return { before, after, perStep: net.dispatchesPerStep, held, end: backend.stats() };
  },
  /** More steps than the device's schedule holds, and images that come in while training runs. */
  async longRun() {
    const arch = tinyMlp();
    const [ours, simd] = [await openWebgpu(), await openSimd()];
    const outcomes: Trained[] = [];
    for (const backend of [ours, simd]) {
      const whole = tinyExamples(arch.input, 61);
      const examples = {
        ...whole,
        count: 13,
        pixels: new Uint8Array(whole.pixels.length),
        labels: new Uint8Array(61),
      };
      const load = (count: number) => {
        const size = arch.input[0] * arch.input[1] * arch.input[2];
        examples.pixels.set(whole.pixels.subarray(0, count * size));
        examples.labels.set(whole.labels.subarray(0, count));
        examples.count = count;
      };
      load(13);
      const net = await backend.open(arch);
      await net.load({ tensors: tinyWeights(arch), masks: {}, quant: {} });
      const indices = (t: number) =>
        Uint32Array.from({ length: 3 }, (_, i) => (t * 3 + i) % (t < 250 ? 13 : 61));
      const optimizer = { kind: 'sgd', lr: 0.02, momentum: 0, nesterov: false } as const;
      const training = net.train({ examples, batch: 3, optimizer, indices });
      const losses = [...(await training.run(250))];
      load(61);
      losses.push(...(await training.run(50)));
      outcomes.push({ losses: Float32Array.from(losses), tensors: await net.read() });
      net.dispose();
    }
    ours.dispose();
    simd.dispose();
    const [got, want] = outcomes;
    return {
      off: distance(got.tensors, want.tensors),
      lossOff: off(got.losses, want.losses),
      steps: got.losses.length,
    };
  },
  /** A learning rate that is far too high: the loss must say so. */
  async diverge() {
    const backend = await openWebgpu();
    const arch = tinyMlp();
    const net = await backend.open(arch);
    await net.load({ tensors: tinyWeights(arch), masks: {}, quant: {} });
    const examples = tinyExamples(arch.input, 16);
    const optimizer = { kind: 'sgd', lr: 1e20, momentum: 0, nesterov: false } as const;
    const indices = () => Uint32Array.from({ length: 16 }, (_, i) => i);
    const training = net.train({ examples, batch: 16, optimizer, indices });
    const losses = [...(await training.run(6))];
    backend.dispose();
    return losses.map(String);
  },
  /** Evaluation and logits of a quantized network against SIMD, which is bit by bit the function of the file. */
  async quantized(spec: QuantSpec) {
    const arch = tinyMlp();
    const weights = {
      tensors: tinyWeights(arch),
      masks: tinyMasks(arch, 0.4),
      quant: { 'fc1/kernel': spec, 'fc2/kernel': spec },
    };
    const [ours, simd] = [await openWebgpu(), await openSimd()];
    const examples = tinyExamples(arch.input, 61);
    const found = [];
    for (const backend of [ours, simd]) {
      const net = await backend.open(arch);
      await net.load(weights);
      const { correct, loss } = await net.evaluate(examples, 1, 60);
      found.push({
        correct,
        loss,
        logits: await net.logits(examples.pixels.subarray(0, 13 * 196), 13, 1 / 255, 0),
      });
      net.dispose();
    }
    ours.dispose();
    simd.dispose();
    const [got, want] = found;
    return {
      correct: [got.correct, want.correct],
      loss: Math.abs(got.loss - want.loss),
      logits: off(got.logits, want.logits),
    };
  },
  /** The race of variants, which graphics cards get, run here for once; twice, since the answer is remembered. */
  async tuned() {
    const { device, guard } = await openDevice();
    const gpu = new Gpu({ device, guard, software: false });
    const [x, w, y] = [
      gpu.buffer('x', 64 * 128 * 4),
      gpu.buffer('w', 128 * 132 * 4),
      gpu.buffer('y', 64 * 132 * 4),
    ];
    const g = denseForward({ in: 128, out: 132 }, { kernel: 0, bias: null }, 64, true);
    const first = (await gpu.product(g, [x, w, y])).kernel.label;
    const dispatches = gpu.stats.dispatches;
    const second = (await gpu.product(g, [x, w, y])).kernel.label;
    const variants = Object.values(gpu.variants);
    const raced = [dispatches, gpu.stats.dispatches];
    gpu.dispose();
    return { first, second, variants, raced };
  },
  /** What a run in flight hears when its device goes away, and a shader that does not compile. */
  async failures() {
    const told: string[] = [];
    const { device, guard, software } = await openDevice((error) => told.push(error.problem.code));
    const gpu = new Gpu({ device, guard, software });
    const broken: Kernel = { label: 'broken', code: 'not WGSL', bindings: 0, groups: () => [1, 1, 1] };
    const outcome = await gpu.command(broken, []).then(
      () => 'resolved',
      (error: Error) => error.name,
    );
    const later = await gpu.done().then(
      () => 'resolved',
      (error: { problem?: { code: string } }) => error.problem?.code ?? 'other',
    );
    gpu.dispose();
    return { told, outcome, later };
  },
  /** Disposes of a network in the middle of a run, then asks the backend for another. */
  async interrupted() {
    const told: string[] = [];
    const backend = await openWebgpu({ onLost: (error) => told.push(error.problem.code) });
    const arch = tinyMlp();
    const examples = tinyExamples(arch.input, 16);
    const start = async () => {
      const net = await backend.open(arch);
      await net.load({ tensors: tinyWeights(arch), masks: {}, quant: {} });
      const indices = (t: number) => Uint32Array.from({ length: 4 }, (_, i) => (t + i) % 16);
      const training = net.train({ examples, batch: 4, optimizer: ADAM, indices });
      return { net, training };
    };
    const { net, training } = await start();
    await training.run(1);
    const running = training.run(200).then(
      () => 'resolved',
      (error: { problem?: { code: string } }) => error.problem?.code ?? 'other',
    );
    await new Promise((resolve) => setTimeout(resolve, 5));
    net.dispose();
    const outcome = await running;
    const next = await start();
    const losses = [...(await next.training.run(2))];
    backend.dispose();
    return { outcome, losses, told };
  },
  /**
   * Milliseconds per step of LeNet-300-100 (Adam, 60 images), wall clock and in JavaScript, contestants taking
   * turns, and dispatches per step as the browser sees them. For the benchmark.
   */
  async race(rounds: number, ids: readonly (VariantId | 'tuned' | 'tfjs')[]): Promise<RaceResult[]> {
    const arch = lenet300.build([28, 28, 1], 10);
    const examples = tinyExamples(arch.input, 256);
    const batch = 60;
    const indices = (t: number) => Uint32Array.from({ length: batch }, (_, i) => (t * batch + i) % 256);
    const contestants = [];
    for (const id of ids) {
      const variant = id === 'tuned' || id === 'tfjs' ? undefined : id;
      const backend = id === 'tfjs' ? await openTfjsWebgpu() : await openWebgpu({ variant });
      const net = await backend.open(arch);
      await net.load({ tensors: tinyWeights(arch), masks: {}, quant: {} });
      const training = net.train({ examples, batch, optimizer: ADAM, indices });
      await training.run(2);
      contestants.push({ id, backend, training, wall: [] as number[], js: [] as number[], dispatches: 0 });
    }
    for (let round = 0; round < rounds; round++) {
      for (const c of contestants) {
        const steps = c.id === 'tfjs' ? 1 : 8;
        const [count, inside] = [seen.dispatches, seen.js];
        const start = performance.now();
        const running = c.training.run(steps);
        // TensorFlow.js records all of a step before it first waits; ours records inside of submits.
        const recorded = performance.now() - start;
        await running;
        c.wall.push((performance.now() - start) / steps);
        c.js.push((c.id === 'tfjs' ? recorded : seen.js - inside) / steps);
        c.dispatches = (seen.dispatches - count) / steps;
      }
    }
    const device = contestants[0].backend.device;
    for (const { backend } of contestants) backend.dispose();
    return contestants.map(({ id, wall, js, dispatches }) => ({ id, device, wall, js, dispatches }));
  },
};

export interface RaceResult {
  id: string;
  device: string;
  wall: number[];
  js: number[];
  dispatches: number;
}

/** Every dispatch of this worker, whoever makes it, and the time that ours spends on recording and uploads. */
const seen = { dispatches: 0, js: 0 };
if (typeof GPUComputePassEncoder !== 'undefined') {
  const original = GPUComputePassEncoder.prototype.dispatchWorkgroups;
  GPUComputePassEncoder.prototype.dispatchWorkgroups = function (this: GPUComputePassEncoder, ...args) {
    seen.dispatches++;
    return original.apply(this, args);
  };
}
const timed = <A extends unknown[]>(work: (this: Gpu, ...args: A) => void) =>
  function (this: Gpu, ...args: A): void {
    const start = performance.now();
    work.apply(this, args);
    seen.js += performance.now() - start;
  };
Gpu.prototype.submit = timed(Gpu.prototype.submit);
Gpu.prototype.write = timed(Gpu.prototype.write);
