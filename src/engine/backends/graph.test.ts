/** Networks that are graphs: batch norm, sums, depthwise filters and pools, as a whole and in the plan. */
import { describe, expect, it } from 'vitest';
import { enableRelaxedSimd } from '../../kernels/testing/machines';
import {
  add,
  avgpool,
  batchnorm,
  conv,
  dense,
  depthwise,
  from,
  globalpool,
  INPUT,
  maxpool,
  network,
} from '../../models/build';
import { modelById } from '../../models/registry';
import { tensorsOf } from '../../models/tensors';
import type { Arch, Tensors, Weights } from '../../models/types';
import { dataMoves } from '../augment';
import { distance, tinyExamples, tinyMasks, tinyWeights, trainTiny } from '../device/trial';
import type { Backend, OptimizerSpec, TrainJob } from '../types';
import { planFlow } from './flow';
import { compilePlan } from './plan';
import { openReference } from './reference';
import { openSimd } from './simd';

enableRelaxedSimd();
const NESTEROV: OptimizerSpec = { kind: 'sgd', lr: 0.05, momentum: 0.9, nesterov: true };
const PLAIN_SGD: OptimizerSpec = { kind: 'sgd', lr: 1, momentum: 0, nesterov: false };

const backends: [string, Backend][] = [
  ['reference', await openReference()],
  ['simd', await openSimd('simd')],
  ['relaxed', await openSimd('relaxed')],
];
const [[, reference], ...fast] = backends;
const plain = (tensors: Tensors): Weights => ({ tensors, masks: {}, quant: {} });
const bn = 'linear' as const;

/** Everything at once: the image added, a value read three times, a sum of sums, a pool behind a relu that others read. */
const tangle = (): Arch =>
  network(
    [6, 6, 2],
    [
      depthwise('dw', { kernel: 3, padding: 'same', activation: 'linear' }),
      batchnorm('n1', bn),
      add('image', INPUT),
      conv('c1', { filters: 3, kernel: 3, padding: 'same', bias: false, activation: 'linear' }),
      batchnorm('n2'),
      conv('c2', { filters: 3, kernel: 3, padding: 'same', activation: 'linear' }),
      add('s1', 'n2', 'linear'),
      add('s2', 'n2'),
      maxpool('max', 2),
      from('n2', avgpool('avg', 2)),
      add('s3', 'max'),
      depthwise('dw2', { kernel: 2, stride: 2 }),
      globalpool('pool'),
      dense('out', 10, 'linear'),
    ],
  );

const jobOf = (arch: Arch, batch: number, optimizer: OptimizerSpec): TrainJob => {
  const examples = tinyExamples(arch.input, 64);
  const indices = (t: number) => Uint32Array.from({ length: batch }, (_, i) => (t * batch + i * 5) % 64);
  return { examples, batch, optimizer, indices };
};
async function trained(backend: Backend, arch: Arch, weights: Weights, job: TrainJob, steps: number) {
  const net = await backend.open(arch);
  try {
    await net.load(weights);
    const training = net.train(job);
    const losses = await training.run(steps);
    training.dispose();
    return { losses, tensors: await net.read() };
  } finally {
    net.dispose();
  }
}

describe('reference', () => {
  it('gradients through sums, norms and pools are those of finite differences', async () => {
    const arch = tangle();
    const start = tinyWeights(arch);
    const job = jobOf(arch, 9, PLAIN_SGD);
    const { tensors: after } = await trained(reference, arch, plain(start), job, 1);
    // The loss of a training step is that of the weights before it, with the statistics of the batch.
    const loss = async (name: string, i: number, delta: number) => {
      const moved = start[name].slice();
      moved[i] += delta;
      return (await trained(reference, arch, plain({ ...start, [name]: moved }), job, 1)).losses[0];
    };
    const checked = new Map<string, number>();
    for (const { name, role } of tensorsOf(arch)) {
      if (role === 'mean' || role === 'variance') continue;
      for (let i = 0; i < start[name].length; i += Math.ceil(start[name].length / 6)) {
        const gradient = start[name][i] - after[name][i];
        const slopes: number[] = [];
        for (const h of [1e-2, 3e-3, 1e-3, 3e-4, 1e-4]) {
          slopes.push(((await loss(name, i, h)) - (await loss(name, i, -h))) / (2 * h));
        }
        const error = Math.min(...slopes.map((slope) => Math.abs(slope - gradient)));
        expect(error, `${name}[${i}]: ${slopes} and ${gradient}`).toBeLessThan(1e-3);
        if (Math.abs(gradient) > 5e-3) checked.set(role, (checked.get(role) ?? 0) + 1);
      }
    }
    for (const role of ['kernel', 'bias', 'gamma', 'beta']) expect(checked.get(role)).toBeGreaterThan(2);
  });
});

describe.each(fast)('%s against the reference', (_name, backend) => {
  it.each([
    ['resnet-8', [8, 8, 3], 8],
    ['resnet-20', [8, 8, 1], 4],
    ['mobilenet-tiny', [8, 8, 3], 8],
    ['mlp-20-9-15', [5, 5, 3], 8],
  ] as const)('%s, two steps and an evaluation', async (id, input, batch) => {
    const arch = modelById(id).build(input, 10);
    const weights = plain(tinyWeights(arch));
    const got = await trainTiny(backend, arch, weights, NESTEROV, 2, batch);
    const want = await trainTiny(reference, arch, weights, NESTEROV, 2, batch);
    expect(distance(want.tensors, weights.tensors)).toBeGreaterThan(1e-3);
    expect(distance(got.tensors, want.tensors)).toBeLessThan(2e-4);
    expect(got.losses[0]).toBeCloseTo(want.losses[0], 4);
    expect(got.losses[1]).toBeCloseTo(want.losses[1], 3);
    expect(got.evaluation.loss / 64).toBeCloseTo(want.evaluation.loss / 64, 2);
  });
  it('a tangle of sums, masked and quantized', async () => {
    const arch = tangle();
    const masks = tinyMasks(arch, 0.3);
    const spec = { bits: 4, scheme: 'affine', granularity: 'channel' } as const;
    const quant = Object.fromEntries(Object.keys(masks).map((name) => [name, spec]));
    const weights = { tensors: tinyWeights(arch), masks, quant };
    const got = await trainTiny(backend, arch, weights, NESTEROV, 1);
    const want = await trainTiny(reference, arch, weights, NESTEROV, 1);
    expect(got.losses[0]).toBeCloseTo(want.losses[0], 5);
    expect(distance(got.tensors, want.tensors)).toBeLessThan(1e-5);
  });
});

describe.each(backends)('%s: low-rank pair W = U V', (_name, backend) => {
  const pair = network(
    [1, 1, 6],
    [
      () => ({ kind: 'dense', name: 'w.u', in: 6, out: 2, bias: false, activation: 'linear' }),
      dense('w.v', 10, 'linear'),
    ],
  );
  const whole = network([1, 1, 6], [dense('w', 10, 'linear')]);
  const [u, v, bias] = ['w.u/kernel', 'w.v/kernel', 'w.v/bias'];

  it('answers as the product does, and its gradients are those of the product by the chain rule', async () => {
    const start = tinyWeights(pair);
    const product = multiply(start[u], start[v], 6, 2, 10);
    const same = plain({ 'w/kernel': product, 'w/bias': start[bias] });
    const thin = await trained(backend, pair, plain(start), jobOf(pair, 8, PLAIN_SGD), 1);
    const full = await trained(backend, whole, same, jobOf(whole, 8, PLAIN_SGD), 1);
    expect(thin.losses[0]).toBeCloseTo(full.losses[0], 5);
    // A step of plain SGD at rate 1 takes away the gradient: dU = dW V^T, dV = U^T dW.
    const minus = (a: Float32Array, b: Float32Array) => a.map((x, i) => x - b[i]);
    const dw = minus(product, full.tensors['w/kernel']);
    const du = multiply(dw, transpose(start[v], 2, 10), 6, 10, 2);
    const dv = multiply(transpose(start[u], 6, 2), dw, 2, 6, 10);
    const got = { du: minus(start[u], thin.tensors[u]), dv: minus(start[v], thin.tensors[v]) };
    expect(distance({ du, dv }, { du: du.map(() => 0), dv: dv.map(() => 0) })).toBeGreaterThan(1e-2);
    expect(distance(got, { du, dv })).toBeLessThan(1e-5);
    expect(distance({ b: thin.tensors[bias] }, { b: full.tensors['w/bias'] })).toBeLessThan(1e-5);
  });
});
/** [m, k] times [k, n]. */
function multiply(a: Float32Array, b: Float32Array, m: number, k: number, n: number): Float32Array {
  return Float32Array.from({ length: m * n }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < k; j++) sum += a[Math.floor(i / n) * k + j] * b[j * n + (i % n)];
    return sum;
  });
}
const transpose = (a: Float32Array, rows: number, columns: number): Float32Array =>
  a.map((_, i) => a[(i % rows) * columns + Math.floor(i / rows)]);

describe.each(backends)('%s', (_name, backend) => {
  const stats = (arch: Arch, tensors: Tensors) =>
    Object.fromEntries(
      tensorsOf(arch)
        .filter(({ role }) => role === 'mean' || role === 'variance')
        .map(({ name }) => [name, tensors[name]]),
    );
  it('optimizers do not touch statistics: after one step they are the same whatever it does', async () => {
    const arch = tangle();
    const start = plain(tinyWeights(arch));
    const specs: OptimizerSpec[] = [
      { kind: 'sgd', lr: 0, momentum: 0, nesterov: false },
      { kind: 'sgd', lr: 0.5, momentum: 0.9, nesterov: true, weightDecay: 0.1 },
      { kind: 'adam', lr: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1 },
      { kind: 'adamw', lr: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.5 },
    ];
    const [still, ...moved] = await Promise.all(
      specs.map(async (o) => (await trained(backend, arch, start, jobOf(arch, 8, o), 1)).tensors),
    );
    expect(distance(stats(arch, still), stats(arch, start.tensors))).toBeGreaterThan(1e-2);
    for (const tensors of moved) {
      expect(stats(arch, tensors)).toEqual(stats(arch, still));
      expect(distance(tensors, still)).toBeGreaterThan(1e-2);
    }
  });
  it('looking changes nothing: evaluation, logits and timing leave every tensor and use the running statistics', async () => {
    const arch = tangle();
    const start = tinyWeights(arch);
    const examples = tinyExamples(arch.input, 64);
    const net = await backend.open(arch);
    await net.load(plain(start));
    const before = await net.evaluate(examples, 0, 64);
    await net.logits(examples.pixels, 64, examples.scale, examples.shift);
    await net.time(3, 1);
    expect(await net.read()).toEqual(start);
    expect(await net.evaluate(examples, 0, 64)).toEqual(before);
    // One image alone has no statistics of its own to speak of, yet it is answered as it is among others.
    const all = await net.logits(examples.pixels, 64, examples.scale, examples.shift);
    const one = await net.logits(examples.pixels.subarray(0, 72), 1, examples.scale, examples.shift);
    expect([...one]).toEqual([...all.subarray(0, 10)]);
    await net.load(plain({ ...start, 'n1/mean': start['n1/mean'].map((v) => v + 1) }));
    expect((await net.evaluate(examples, 0, 64)).loss).not.toBe(before.loss);
    net.dispose();
  });
  it('masks of depthwise and other kernels stay exact; norms and biases have none', async () => {
    const arch = modelById('mobilenet-tiny').build([8, 8, 1], 10);
    const masks = tinyMasks(arch, 0.7);
    const weights = { tensors: tinyWeights(arch), masks, quant: {} };
    const decay: OptimizerSpec = { ...NESTEROV, weightDecay: 0.01 };
    const { tensors } = await trained(backend, arch, weights, jobOf(arch, 4, decay), 2);
    for (const [name, mask] of Object.entries(masks)) {
      expect(tensors[name].some((w, i) => mask[i] === 0 && !Object.is(w, 0))).toBe(false);
      expect(tensors[name].filter((w) => w !== 0).length).toBe(mask.filter((m) => m === 1).length);
    }
  });
  it('two runs of a graph give the same bits', async () => {
    const arch = tangle();
    const run = () => trained(backend, arch, plain(tinyWeights(arch)), jobOf(arch, 8, NESTEROV), 3);
    expect(await run()).toEqual(await run());
  });
  it('crops and flips are what training on pictures cut by hand is', async () => {
    const arch = network([5, 6, 2], [dense('out', 10, 'linear')]);
    const job = jobOf(arch, 8, NESTEROV);
    const moves = dataMoves('flip-crop', 8, 1, 0, 0)!;
    const weights = plain(tinyWeights(arch));
    const got = await trained(backend, arch, weights, { ...job, moves }, 2);
    const byHand = { ...job.examples, pixels: job.examples.pixels.slice() };
    for (const t of [0, 1]) {
      job.indices(t).forEach((index, i) => {
        const [flip, down, right] = moves(t).subarray(4 * i);
        for (let r = 0; r < 5; r++) {
          for (let q = 0; q < 6; q++) {
            const [y, x] = [r + down, (flip ? 5 - q : q) + right];
            for (let c = 0; c < 2; c++) {
              const inside = y >= 0 && y < 5 && x >= 0 && x < 6;
              byHand.pixels[index * 60 + (r * 6 + q) * 2 + c] = inside
                ? job.examples.pixels[index * 60 + (y * 6 + x) * 2 + c]
                : 0;
            }
          }
        }
      });
    }
    const want = await trained(backend, arch, weights, { ...job, examples: byHand }, 2);
    const shown = [...job.indices(0), ...job.indices(1)];
    expect(new Set(shown).size).toBe(shown.length);
    expect(got).toEqual(want);
    expect(got.losses).not.toEqual((await trained(backend, arch, weights, job, 2)).losses);
  });
});

describe('how gradients flow', () => {
  const flowOf = (arch: Arch) => {
    const plan = compilePlan(arch);
    return { plan, flow: planFlow(plan) };
  };
  const hows = (arch: Arch) => {
    const { plan, flow } = flowOf(arch);
    return flow.stages.map(({ stage, inputs }) => [
      plan.stages[stage].layer.name,
      ...inputs.map((i) => i.how),
    ]);
  };
  /** Paths from the end of the network to a value: what the gradient of a sum of them all would be, with slopes of 1. */
  function slopes(arch: Arch): number[] {
    const { plan, flow } = flowOf(arch);
    const buffers = flow.buffers.map(() => Number.NaN);
    const found: number[] = plan.stages.map(() => Number.NaN);
    buffers[flow.stages[0].dy] = 1;
    for (const { stage, dy, inputs } of flow.stages) {
      found[stage] = buffers[dy];
      const whole = buffers[dy];
      for (const { buffer, how } of [...inputs].reverse()) {
        if (how === 'write') buffers[buffer] = whole;
        else if (how === 'add') buffers[buffer] += whole;
        else if (how === 'keep') expect(buffer).toBe(dy);
      }
    }
    return found;
  }
  function paths(arch: Arch): number[] {
    const { stages } = compilePlan(arch);
    const count = stages.map(() => 0);
    count[stages.length - 1] = 1;
    for (let i = stages.length - 1; i >= 0; i--) {
      for (const value of stages[i].inputs) if (value > 0) count[value - 1] += count[i];
    }
    return count;
  }
  const d = (name: string) => dense(name, 4, 'linear');

  it('a chain writes, and nothing flows into the image', () => {
    const arch = network([1, 1, 4], [d('a'), d('b'), d('c')]);
    expect(hows(arch)).toEqual([
      ['c', 'write'],
      ['b', 'write'],
      ['a', 'none'],
    ]);
    expect(flowOf(arch).flow).toMatchObject({ spare: 0 });
    expect(flowOf(arch).flow.buffers).toHaveLength(2);
  });
  it('a sum hands its own buffer to the input before it, and copies to the other', () => {
    const arch = network([1, 1, 4], [d('a'), d('b'), add('s', 'a'), d('out')]);
    expect(hows(arch)).toEqual([
      ['out', 'write'],
      ['s', 'keep', 'write'],
      // a has a gradient from the sum already.
      ['b', 'add'],
      ['a', 'none'],
    ]);
    expect(flowOf(arch).flow.spare).toBe(4);
  });
  it('a sum with the image or with itself', () => {
    const image = network([1, 1, 4], [d('a'), from('a', add('s', INPUT)), d('out')]);
    expect(hows(image)[1]).toEqual(['s', 'keep', 'none']);
    const twice = network([1, 1, 4], [d('a'), add('s', 'a'), d('out')]);
    expect(hows(twice)[1]).toEqual(['s', 'add', 'write']);
    expect(slopes(twice)).toEqual([2, 1, 1]);
    const only = network([1, 1, 4], [from(INPUT, add('s', INPUT)), d('out')]);
    expect(hows(only)).toEqual([
      ['out', 'write'],
      ['s', 'none', 'none'],
    ]);
  });
  it('a layer that nothing reads has no gradient', () => {
    const arch = network([1, 1, 4], [d('a'), d('idle'), from('a', d('out'))]);
    expect(hows(arch).map(([name]) => name)).toEqual(['out', 'a']);
  });
  it.each([
    [
      'three readers of one value',
      [d('a'), d('b'), from('a', d('c')), add('s', 'b'), add('t', 'a'), d('out')],
    ],
    [
      'a chain of sums',
      [d('a'), d('b'), add('s', 'a'), add('t', 's'), add('u', 'a'), add('v', 't'), d('out')],
    ],
    ['blocks', [d('a'), d('b'), add('s', 'a'), d('c'), d('e'), add('t', 's'), d('out')]],
    [
      'two sums in a row of the same',
      [d('a'), d('b'), add('s', 'a'), from('b', add('t', 'a')), add('u', 's'), d('out')],
    ],
  ] as const)('%s: every path counts once', (_what, specs) => {
    const arch = network([1, 1, 4], [...specs]);
    expect(slopes(arch)).toEqual(paths(arch));
    expect(Math.max(...paths(arch))).toBeGreaterThan(1);
  });
  it('whole networks: every path counts once, in few buffers', () => {
    for (const id of ['resnet-8', 'resnet-20', 'mobilenet-tiny']) {
      const arch = modelById(id).build([32, 32, 3], 10);
      expect(slopes(arch)).toEqual(paths(arch));
      expect(flowOf(arch).flow.buffers.length).toBeLessThanOrEqual(3);
    }
    expect(paths(modelById('resnet-20').build([32, 32, 3], 10))[1]).toBe(2 ** 9);
    expect(slopes(tangle())).toEqual(paths(tangle()));
  });
});

describe('the plan of a graph', () => {
  it('has a place for every tensor, statistics behind all that is trained', () => {
    for (const id of ['resnet-8', 'resnet-20', 'mobilenet-tiny']) {
      for (const input of [
        [28, 28, 1],
        [32, 32, 3],
      ] as const) {
        const arch = modelById(id).build(input, 10);
        const plan = compilePlan(arch);
        const at = new Map(plan.slots.map((slot) => [slot.name, slot.offset]));
        expect([...at.keys()].sort()).toEqual(
          tensorsOf(arch)
            .map((t) => t.name)
            .sort(),
        );
        for (const { name, role } of tensorsOf(arch)) {
          expect(at.get(name)! >= plan.trained).toBe(role === 'mean' || role === 'variance');
        }
      }
    }
  });
});
