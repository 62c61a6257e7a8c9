/**
 * The op suites on the WGSL kernels. A kernel does what several ops of the plain executors do (bias and relu, their
 * gradients, masks), so that cases of those are checked where they are fused: see `fused`.
 */
import { addSuite } from '../../src/kernels/add/suite';
import { addForward } from '../../src/kernels/add/wgsl';
import { avgPoolSuite } from '../../src/kernels/avg-pool/suite';
import {
  avgPoolBackward,
  avgPoolForward,
  globalPoolBackward,
  globalPoolForward,
} from '../../src/kernels/avg-pool/wgsl';
import { batchNormSuite } from '../../src/kernels/batch-norm/suite';
import {
  normBackward,
  normBackwardSums,
  normEval,
  normStats,
  normSums,
  normTrain,
} from '../../src/kernels/batch-norm/wgsl';
import { convSuite } from '../../src/kernels/conv/suite';
import {
  convBackwardInput,
  convBackwardWeights,
  convForward,
  convPartials,
  convReduce,
} from '../../src/kernels/conv/wgsl';
import { denseSuite } from '../../src/kernels/dense/suite';
import { denseBackwardInput, denseBackwardWeights, denseForward } from '../../src/kernels/dense/wgsl';
import { depthwiseSuite } from '../../src/kernels/depthwise/suite';
import {
  depthwiseBackwardInput,
  depthwiseBackwardWeights,
  depthwiseForward,
  depthwisePartials,
  depthwiseReduce,
} from '../../src/kernels/depthwise/wgsl';
import { gatherSuite } from '../../src/kernels/gather/suite';
import { gatherTraining } from '../../src/kernels/gather/wgsl';
import type { Machine } from '../../src/kernels/machine';
import { maxPoolSuite } from '../../src/kernels/max-pool/suite';
import { poolBackward, poolForward } from '../../src/kernels/max-pool/wgsl';
import { optimizerSuite } from '../../src/kernels/optimizer/suite';
import { adam, type Decay, sgd } from '../../src/kernels/optimizer/wgsl';
import { patchesSuite } from '../../src/kernels/patches/suite';
import { patches } from '../../src/kernels/patches/wgsl';
import { penaltySuite } from '../../src/kernels/penalty/suite';
import { l1Gradient, shrinkColumns, softThreshold } from '../../src/kernels/penalty/wgsl';
import { referenceMachine } from '../../src/kernels/reference/machine';
import { softmaxLossSuite } from '../../src/kernels/softmax-loss/suite';
import { softmaxEvaluation, softmaxTraining } from '../../src/kernels/softmax-loss/wgsl';
import { differences, type Results, runCase } from '../../src/kernels/testing/run';
import type { OpCase } from '../../src/kernels/testing/suite';
import { gemmKernel, type VariantId } from '../../src/kernels/webgpu/gemm';
import { PLAIN, type Place } from '../../src/kernels/webgpu/gradient';
import type { Kernel } from '../../src/kernels/webgpu/kernel';
import type { Bench, Step, Words } from './bench';

type Ran = Pick<Results, 'written' | 'scalars'>;
/** How an op's cases are put to the kernels. Shapes are as in the suites. */
// biome-ignore lint/suspicious/noExplicitAny: each entry knows the shape of its own op's cases
type Runner = (bench: Bench, s: any, given: Given, variant: VariantId) => Promise<Ran>;
/** Content of an operand before the op; undefined where there is none. */
type Given = (name: string) => Words;

const wrote = (written: Record<string, Float32Array | Uint32Array>, scalars = {}): Ran => ({
  written,
  scalars,
});
const bits = (f: Float32Array) => new Uint32Array(f.buffer, f.byteOffset, f.length);
const four = (n: number) => Math.ceil(n / 4) * 4;

/** Tensors as in an arena, each from a multiple of 4 on, with something else between them. */
function arena(...tensors: (ArrayLike<number> | undefined)[]): { at: number[]; values: Float32Array } {
  let next = 4;
  const at = tensors.map((t) => {
    const begin = next;
    next += four(t?.length ?? 0) + 4;
    return begin;
  });
  const values = new Float32Array(next).fill(7);
  tensors.forEach((t, i) => {
    if (t) values.set(t, at[i]);
  });
  return { at, values };
}
const placeOf = (at: number[], bias?: Words): Place => ({ kernel: at[0], bias: bias ? at[1] : null });

/** A forward product or depthwise convolution. */
async function forward(
  bench: Bench,
  given: Given,
  batch: number,
  kernelOf: (at: Place) => Kernel,
): Promise<Ran> {
  const [x, w, bias, y] = ['x', 'w', 'bias', 'y'].map(given);
  const { at, values } = arena(w as Float32Array, bias as Float32Array);
  const names = ['x', 'params', 'y', ...(bias ? ['params'] : [])];
  // Room for one image more than is computed, as in an evaluation's last part.
  const room = y.length + y.length / batch;
  const got = await bench.run({ x, params: values, y: room }, [[kernelOf(placeOf(at, bias)), names, batch]]);
  return wrote({ y: got.y.slice(0, y.length) });
}
/** Gradients of weights; that of a bias comes with them and must be the column sums of dy. */
async function weights(
  bench: Bench,
  given: Given,
  channels: number,
  partials: number,
  kernelsOf: (at: Place) => [first: Kernel, reduce: Kernel | null],
): Promise<Ran> {
  const [x, dy, dw] = ['x', 'dy', 'dw'].map(given);
  const db = new Float32Array(channels);
  const { at, values } = arena(dw as Float32Array, db);
  const [first, reduce] = kernelsOf({ kernel: at[0], bias: at[1] });
  const steps: Step[] = [[first, ['x', 'dy', reduce ? 'partials' : 'grads']]];
  if (reduce) steps.push([reduce, ['partials', 'grads']]);
  const got = await bench.run({ x, dy, partials, grads: values }, steps);
  const untouched = got.grads.filter(
    (_, i) => i < at[0] || (i >= at[0] + dw.length && i < at[1]) || i >= at[1] + channels,
  );
  if (untouched.some((v) => v !== 7)) throw new Error('gradients of other tensors were written');
  const sums = Float64Array.from(db, (_, n) =>
    (dy as Float32Array).reduce((sum, v, i) => (i % channels === n ? sum + v : sum), 0),
  );
  sums.forEach((sum, n) => {
    if (!(Math.abs(sum - got.grads[at[1] + n]) <= 2e-5)) {
      throw new Error(`bias gradient ${n} is ${got.grads[at[1] + n]} instead of ${sum}`);
    }
  });
  return wrote({ dw: got.grads.slice(at[0], at[0] + dw.length) });
}
async function input(bench: Bench, given: Given, kernelOf: (at: Place) => Kernel): Promise<Ran> {
  const [dy, w, dx] = ['dy', 'w', 'dx'].map(given);
  const { at, values } = arena(w as Float32Array);
  const got = await bench.run({ dy, params: values, dx: dx.length }, [
    [kernelOf({ kernel: at[0], bias: null }), ['dy', 'params', 'dx']],
  ]);
  return wrote({ dx: got.dx });
}
/** A kernel that changes the weights of one tensor in place. */
async function shrunk(bench: Bench, given: Given, kernelOf: (at: number) => Kernel): Promise<Ran> {
  const { at, values } = arena(given('w') as Float32Array);
  const got = await bench.run({ w: values }, [[kernelOf(at[0]), ['w']]]);
  return wrote({ w: alone(got.w, at[0], given('w').length) });
}
/** One tensor of an arena, if nothing else in it was written. */
function alone(values: Float32Array, at: number, n: number): Float32Array {
  if (values.some((v, i) => (i < at || i >= at + n) && v !== 7))
    throw new Error('other tensors were written');
  return values.slice(at, at + n);
}
const decayOf = (weightDecay?: number, decoupled?: boolean): Decay =>
  !weightDecay ? 'none' : decoupled ? 'decoupled' : 'coupled';
const ones = (n: number) => new Float32Array(n).fill(1);
const kept = (mask: Words | undefined, n: number) =>
  mask ? Float32Array.from(mask, (k) => (k ? 1 : 0)) : ones(n);

const runners: Partial<Record<keyof Machine, Runner>> = {
  async add(bench, { n, relu }, given) {
    const into = given('y') ? 'y' : undefined;
    const got = await bench.run({ a: given('a'), b: given('b'), y: n }, [
      [addForward(n, 1, relu), ['a', 'b', 'y'], 1],
    ]);
    // In place the kernels are never used: what another op would write over an operand is compared all the same.
    return wrote(into ? { y: got.y } : { a: got.y, b: got.y });
  },
  async avgPoolForward(bench, s, given) {
    const got = await bench.run({ x: given('x'), y: given('y').length }, [
      [avgPoolForward(s, s.batch), ['x', 'y'], s.batch],
    ]);
    return wrote({ y: got.y });
  },
  async avgPoolBackward(bench, s, given) {
    const got = await bench.run({ dy: given('dy'), dx: given('dx').length }, [
      [avgPoolBackward(s, s.batch, PLAIN), ['dy', 'dx']],
    ]);
    return wrote({ dx: got.dx });
  },
  async globalPoolForward(bench, s, given) {
    const got = await bench.run({ x: given('x'), y: given('y').length }, [
      [globalPoolForward(s, s.batch), ['x', 'y'], s.batch],
    ]);
    return wrote({ y: got.y });
  },
  async globalPoolBackward(bench, s, given) {
    const got = await bench.run({ dy: given('dy'), dx: given('dx').length }, [
      [globalPoolBackward(s, s.batch, PLAIN), ['dy', 'dx']],
    ]);
    return wrote({ dx: got.dx });
  },
  async batchNormTrain(bench, s, given) {
    const { at, values } = norm(given, s.c);
    const got = await bench.run(
      { x: given('x'), params: values, y: given('y').length, stats: normStats(s.c, s.rows) },
      [
        [normSums(s.c, s.rows), ['x', 'stats']],
        [normTrain(s, at, s.rows, s.relu), ['x', 'stats', 'params', 'y']],
      ],
    );
    const tensor = (from: number) => got.params.slice(from, from + s.c);
    return wrote({
      mean: tensor(at.mean),
      variance: tensor(at.variance),
      y: got.y,
      saved: got.stats.slice(0, 2 * s.c),
    });
  },
  async batchNormEval(bench, s, given) {
    const { at, values } = norm(given, s.c);
    const got = await bench.run({ x: given('x'), params: values, y: given('y').length }, [
      [normEval(s, at, 1, s.rows, s.relu), ['x', 'params', 'y'], s.rows],
    ]);
    return wrote({ y: got.y });
  },
  async batchNormBackward(bench, s, given) {
    const { at, values } = norm(given, s.c);
    const stats = new Float32Array(normStats(s.c, s.rows));
    stats.set(given('saved'));
    const got = await bench.run(
      { x: given('x'), dy: given('dy'), params: values, stats, grads: values.length, dx: s.rows * s.c },
      [
        [normBackwardSums(s.c, s.rows), ['x', 'dy', 'stats']],
        [normBackward(s.c, at, s.rows, PLAIN), ['x', 'dy', 'stats', 'params', 'grads', 'dx']],
      ],
    );
    const tensor = (from: number) => got.grads.slice(from, from + s.c);
    return wrote({ [s.inPlace ? 'dy' : 'dx']: got.dx, dgamma: tensor(at.gamma), dbeta: tensor(at.beta) });
  },
  convForward: (bench, s, given, variant) =>
    forward(bench, given, s.batch, (at) => gemmKernel(convForward(s, at, s.batch + 1, s.relu), variant)),
  convBackwardWeights: (bench, s, given, variant) =>
    weights(bench, given, s.n, convPartials(s, s.batch), (at) => [
      gemmKernel(convBackwardWeights(s, at, s.batch), variant),
      convReduce(s, at, s.batch),
    ]),
  convBackwardInput: (bench, s, given, variant) =>
    input(bench, given, (at) => gemmKernel(convBackwardInput(s, at, s.batch, PLAIN), variant)),
  denseForward: (bench, s, given, variant) =>
    forward(bench, given, s.batch, (at) => gemmKernel(denseForward(s, at, s.batch + 1, s.relu), variant)),
  denseBackwardWeights: (bench, s, given, variant) =>
    weights(bench, given, s.out, 4, (at) => [
      gemmKernel(denseBackwardWeights(s, at, s.batch), variant),
      null,
    ]),
  denseBackwardInput: (bench, s, given, variant) =>
    input(bench, given, (at) => gemmKernel(denseBackwardInput(s, at, s.batch, PLAIN), variant)),
  depthwiseForward: (bench, s, given) =>
    forward(bench, given, s.batch, (at) => depthwiseForward(s, at, s.batch + 1, s.relu)),
  depthwiseBackwardWeights: (bench, s, given) =>
    weights(bench, given, s.c, depthwisePartials(s, s.batch), (at) => [
      depthwiseBackwardWeights(s, s.batch),
      depthwiseReduce(s, at, s.batch),
    ]),
  depthwiseBackwardInput: (bench, s, given) =>
    input(bench, given, (at) => depthwiseBackwardInput(s, at, s.batch, PLAIN)),
  fromBytes: (bench, s, given) => gathered(bench, { h: 1, w: s.n, c: 1 }, { ...s, batch: 1 }, given),
  augment: (bench, s, given) => gathered(bench, s, s, given),
  async patches(bench, s, given) {
    const row = s.k * s.k * s.c;
    const all = s.batch * s.oh * s.ow * row;
    const got = await bench.run({ x: given('x'), y: all }, [[patches(s, s.batch), ['x', 'y'], s.batch]]);
    // The kernel makes them all; a case may want some.
    return wrote({ y: got.y.slice(s.from * row, (s.from + s.rows) * row) });
  },
  async poolForward(bench, s, given) {
    const n = given('y').length;
    const got = await bench.run({ x: given('x'), y: n, taps: n }, [
      [poolForward(s, s.batch), ['x', 'y', 'taps'], s.batch],
    ]);
    return wrote({ y: got.y, taps: bits(got.taps) });
  },
  async poolBackward(bench, s, given) {
    const got = await bench.run({ dy: given('dy'), taps: given('taps'), dx: given('dx').length }, [
      [poolBackward(s, s.batch, PLAIN), ['dy', 'taps', 'dx']],
    ]);
    return wrote({ dx: got.dx });
  },
  async adam(bench, { n, rates, t }, given) {
    const { lr, beta1, beta2, epsilon, weightDecay = 0, decoupled } = rates;
    const kernel = adam(n, { batch: 2, ring: 1, moves: false }, decayOf(weightDecay, decoupled));
    const got = await bench.run(
      {
        ...{ w: given('w'), g: given('g'), m: given('m'), v: given('v'), mask: kept(given('mask'), n) },
        rates: Float32Array.of(lr, beta1, beta2, epsilon, 1 - beta1, 1 - beta2, 0, weightDecay),
        schedule: Float32Array.of(0, 0, 1 / (1 - beta1 ** t), 1 / (1 - beta2 ** t)),
        state: Uint32Array.of(t, 0, 0, 0),
      },
      [[kernel, ['w', 'g', 'mask', 'rates', 'm', 'v', 'state', 'schedule']]],
    );
    return wrote({ w: got.w, m: got.m, v: got.v });
  },
  async sgd(bench, { n, rates }, given) {
    const { lr, momentum, nesterov, weightDecay = 0 } = rates;
    const kernel = sgd(n, momentum !== 0, nesterov, decayOf(weightDecay));
    const got = await bench.run(
      {
        ...{ w: given('w'), g: given('g'), v: given('v'), mask: kept(given('mask'), n) },
        rates: Float32Array.of(lr, 0, 0, 0, 0, 0, momentum, weightDecay),
      },
      [[kernel, ['w', 'g', 'mask', 'rates', ...(momentum !== 0 ? ['v'] : [])]]],
    );
    return wrote({ w: got.w, v: got.v });
  },
  async l1Gradient(bench, { n, strength }, given) {
    const [w, g] = [arena(given('w') as Float32Array), arena(given('g') as Float32Array)];
    const got = await bench.run({ w: w.values, g: g.values }, [
      [l1Gradient(w.at[0], n, strength), ['g', 'w']],
    ]);
    return wrote({ g: alone(got.g, g.at[0], n) });
  },
  softThreshold: (bench, { n, t }, given) => shrunk(bench, given, (at) => softThreshold(at, n, t)),
  shrinkColumns: (bench, { rows, cols, t }, given) =>
    shrunk(bench, given, (at) => shrinkColumns(at, rows, cols, t)),
  async softmaxLoss(bench, { rows, classes, soft, gradient }, given) {
    const ring = 4;
    const step = 7;
    const schedule = { batch: rows, ring, moves: false };
    // The teacher knows more images than the batch has, and in another order.
    const order = Uint32Array.from({ length: rows }, (_, i) => rows - 1 - i + 1);
    const teacher = new Float32Array((rows + 2) * classes);
    if (soft)
      for (const [r, image] of order.entries())
        teacher.set(given('teacher').slice(r * classes, (r + 1) * classes), image * classes);
    const plan = new Uint32Array(ring * (rows + 2));
    plan.set(order, (step % ring) * (rows + 2));
    const steps: Step[] = [[softmaxEvaluation(classes, rows + 5), ['z', 'labels', 'evaluation', 'results']]];
    if (gradient) {
      const names = ['z', 'labels', 'state', 'dz', 'losses', ...(soft ? ['schedule', 'teacher'] : [])];
      steps.push([softmaxTraining(classes, rows, ring, false, soft && { ...soft, schedule }), names]);
    }
    const got = await bench.run(
      {
        ...{
          z: given('z'),
          labels: Uint32Array.from(given('labels')),
          dz: rows * classes,
          losses: ring,
          results: 2,
        },
        ...{ state: Uint32Array.of(step, 0, 0, 0), evaluation: Uint32Array.of(0, 0, rows, 0) },
        ...{ schedule: plan, teacher },
      },
      steps,
    );
    if (gradient && bits(got.state)[0] !== step + 1) throw new Error('the step was not counted');
    const loss = gradient ? got.losses[step % ring] * rows : got.results[0];
    return wrote(gradient ? { dz: got.dz } : {}, { loss, correct: bits(got.results)[1] });
  },
};
function norm(given: Given, c: number) {
  const names = ['gamma', 'beta', 'mean', 'variance'] as const;
  const { at, values } = arena(...names.map((name) => given(name) ?? new Float32Array(c)));
  const [gamma, beta, mean, variance] = at;
  return { at: { gamma, beta, mean, variance }, values };
}
/** Images out of a data set on two pages, in the order they lie there. */
async function gathered(
  bench: Bench,
  shape: { h: number; w: number; c: number },
  { batch, scale, shift }: { batch: number; scale: number; shift: number },
  given: Given,
): Promise<Ran> {
  const size = shape.h * shape.w * shape.c;
  const moves = given('moves') as Uint8Array | undefined;
  const s = { batch, ring: 3, moves: moves !== undefined };
  const step = 4;
  const words = batch * (moves ? 2 : 1) + 2;
  const schedule = new Uint32Array(s.ring * words);
  const at = (step % s.ring) * words;
  schedule.set(
    Uint32Array.from({ length: batch }, (_, i) => i),
    at,
  );
  if (moves) new Uint8Array(schedule.buffer).set(moves, (at + batch) * 4);
  const pixels = given('x') as Uint8Array;
  const first = Math.ceil(batch / 2);
  const names = (page: string) => [page, 'labels', 'state', 'norm', 'y', 'picked', 'schedule'];
  const got = await bench.run(
    {
      page0: pixels.slice(0, first * size),
      page1: Uint8Array.of(...pixels.slice(first * size), 0),
      labels: Uint8Array.from({ length: batch }, (_, i) => 255 - i),
      state: Uint32Array.of(step, 0, 0, 0),
      norm: Float32Array.of(scale, shift),
      ...{ y: batch * size, picked: batch, schedule },
    },
    [
      [gatherTraining(shape, s, { first: 0, count: first }), names('page0')],
      [gatherTraining(shape, s, { first, count: batch - first + 1 }), names('page1')],
    ],
  );
  if (bits(got.picked).some((label, i) => label !== 255 - i)) throw new Error('wrong labels');
  return wrote({ y: got.y });
}

/** Ops that other kernels do on the way, and cases of an op that the executor has no kernel for. */
const fused = (test: OpCase): boolean =>
  ['biasGrad', 'reluBackward', 'applyMask'].includes(test.op) ||
  // Evaluations have no soft labels.
  (test.op === 'softmaxLoss' && test.label.startsWith('soft, no gradient'));

const all: readonly OpCase[] = [
  ...addSuite,
  ...avgPoolSuite,
  ...batchNormSuite,
  ...denseSuite,
  ...convSuite,
  ...depthwiseSuite,
  ...gatherSuite,
  ...maxPoolSuite,
  ...optimizerSuite,
  ...patchesSuite,
  ...penaltySuite,
  ...softmaxLossSuite,
] as readonly OpCase[];
const products = /^(dense|conv)/;

/**
 * Every case of the wanted kind, or every `stride`-th, against the plain reference.
 * @returns how many there were, and what was wrong
 */
export async function runSuites(
  bench: Bench,
  wanted: 'products' | 'others',
  variant: VariantId,
  stride = 1,
): Promise<{ count: number; wrong: string[] }> {
  const tests = all
    .filter((test) => products.test(test.op) === (wanted === 'products') && !fused(test))
    .filter((test) => !(variant.startsWith('block8') && test.op.startsWith('conv')))
    .filter((_, i) => i % stride === 0);
  const wrong: string[] = [];
  for (const test of tests) {
    const name = `${test.op}: ${test.label}`;
    const runner = runners[test.op];
    try {
      if (!runner) throw new Error('has no kernel');
      const got = await runner(bench, test.shape, (operand) => test.operands[operand]?.data, variant);
      const want = runCase(referenceMachine(), test);
      wrong.push(...differences(test, got, want).map((problem) => `${name}: ${problem}`));
    } catch (error) {
      wrong.push(`${name}: ${(error as Error).message}`);
    }
  }
  return { count: tests.length, wrong };
}
