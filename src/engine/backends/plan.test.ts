/** Networks executed by the plan, on both executors, against PyTorch, finite differences and each other. */
import { describe, expect, it } from 'vitest';
import type { TrainExamples } from '../../datasets/types';
import golden from '../../kernels/goldens/pytorch.json';
import { bench } from '../../kernels/testing/bench';
import { enableRelaxedSimd, openMachine } from '../../kernels/testing/machines';
import { conv, dense, maxpool, network } from '../../models/build';
import { conv2, conv4, conv6 } from '../../models/conv-n';
import { lenet5 } from '../../models/lenet-5';
import { lenet300 } from '../../models/lenet-300-100';
import type { Arch, QuantSpec, Tensors, Weights } from '../../models/types';
import { WinnowError } from '../../spec/problem';
import { distance, tinyCnn, tinyExamples, tinyMasks, tinyMlp, tinyWeights, trainTiny } from '../device/trial';
import type { Backend, OptimizerSpec } from '../types';
import { compilePlan } from './plan';
import { openReference } from './reference';
import { openSimd } from './simd';

enableRelaxedSimd();
const ADAM: OptimizerSpec = { kind: 'adam', lr: 1.2e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const NESTEROV: OptimizerSpec = { kind: 'sgd', lr: 0.1, momentum: 0.9, nesterov: true };
const PLAIN_SGD: OptimizerSpec = { kind: 'sgd', lr: 1, momentum: 0, nesterov: false };

const backends: [string, Backend][] = [
  ['reference', await openReference()],
  ['simd', await openSimd('simd')],
  ['relaxed', await openSimd('relaxed')],
];
const [[, reference], ...fast] = backends;

const floats = (record: Record<string, number[]>): Tensors =>
  Object.fromEntries(Object.entries(record).map(([name, values]) => [name, Float32Array.from(values)]));
const plain = (tensors: Tensors): Weights => ({ tensors, masks: {}, quant: {} });
const bits = (tensors: Tensors) =>
  Object.entries(tensors).map(([name, t]) => [name, [...new Uint32Array(t.buffer, t.byteOffset, t.length)]]);

describe.each(backends)('%s against PyTorch', (_name, backend) => {
  it.each(Object.entries(golden.trainings))('three masked steps of %s', async (_what, g) => {
    const net = await backend.open(g.arch as unknown as Arch);
    const masks = Object.fromEntries(Object.entries(g.masks).map(([n, m]) => [n, Uint8Array.from(m)]));
    await net.load({ tensors: floats(g.start), masks, quant: {} });
    const count = g.labels.length;
    const examples: TrainExamples = {
      split: 'train',
      count,
      total: count,
      pixels: Uint8Array.from(g.pixels),
      labels: Uint8Array.from(g.labels),
      shape: g.arch.input as unknown as [number, number, number],
      scale: g.scale,
      shift: g.shift,
    };
    const indices = (t: number) => Uint32Array.from({ length: g.batch }, (_, i) => t * g.batch + i);
    const training = net.train({
      examples,
      batch: g.batch,
      optimizer: g.optimizer as OptimizerSpec,
      indices,
    });
    const losses = [...(await training.run(1)), ...(await training.run(g.steps - 1))];
    losses.forEach((loss, t) => {
      expect(loss).toBeCloseTo(g.losses[t], 5);
    });
    const after = await net.read();
    expect(distance(after, floats(g.after))).toBeLessThan(1e-5);
    expect(distance(after, floats(g.start))).toBeGreaterThan(1e-3);
    net.dispose();
  });
});

describe.each(['reference', 'simd', 'relaxed'] as const)('optimizers of %s against PyTorch', (name) => {
  it.each(Object.entries(golden.optimizers))('%s, five steps', async (_kind, g) => {
    const machine =
      name === 'reference'
        ? (await import('../../kernels/reference/machine')).referenceMachine()
        : await openMachine(name);
    const b = bench(machine);
    const n = g.start.length;
    const w = b.put(Float32Array.from(g.start));
    const [m, v] = [b.put(new Float32Array(n)), b.put(new Float32Array(n))];
    g.grads.forEach((values, t) => {
      const grad = b.put(Float32Array.from(values));
      const spec = g.optimizer as OptimizerSpec;
      if (spec.kind !== 'sgd') machine.adam(w, grad, m, v, 0, n, spec, t + 1);
      else machine.sgd(w, grad, v, 0, n, spec);
      b.take(w, n).forEach((got, i) => {
        expect(Math.abs(got - g.after[t][i])).toBeLessThan(1e-5 * Math.max(1, Math.abs(g.after[t][i])));
      });
    });
  });
});

/** Every op, with odd sizes: padding, strides, overlapping pools, relu before pool and not. */
const zoo = (): Arch =>
  network(
    [9, 9, 2],
    [
      conv('a', { filters: 3, kernel: 3, padding: 'same' }),
      maxpool('p', 2),
      conv('b', { filters: 5, kernel: 2, stride: 2, activation: 'linear' }),
      dense('c', 7),
      dense('out', 10, 'linear'),
    ],
  );

describe.each(backends)('%s', (_name, backend) => {
  it.each([
    ['mlp', tinyMlp()],
    ['cnn', tinyCnn()],
    ['zoo', zoo()],
  ])('gradients of %s are those of finite differences', async (_what, arch) => {
    const examples = tinyExamples(arch.input, 9);
    const net = await backend.open(arch);
    const start = tinyWeights(arch);
    await net.load(plain(start));
    const batch = examples.count;
    const training = net.train({
      examples,
      batch,
      optimizer: PLAIN_SGD,
      indices: () => Uint32Array.from({ length: batch }, (_, i) => i),
    });
    await training.run(1);
    training.dispose();
    const after = await net.read();
    // With a rate of 1 the step is the gradient.
    const loss = async (name: string, i: number, delta: number) => {
      const moved = start[name].slice();
      moved[i] += delta;
      await net.load(plain({ ...start, [name]: moved }));
      return (await net.evaluate(examples, 0, batch)).loss / batch;
    };
    let checked = 0;
    for (const name of Object.keys(start)) {
      for (let i = 0; i < start[name].length; i += Math.ceil(start[name].length / 12)) {
        const gradient = start[name][i] - after[name][i];
        // Kinks of relu and pooling between the two points spoil a slope: a smaller step steps over fewer.
        const slopes: number[] = [];
        for (const h of [2e-3, 5e-4, 1e-4]) {
          slopes.push(((await loss(name, i, h)) - (await loss(name, i, -h))) / (2 * h));
        }
        const error = Math.min(...slopes.map((slope) => Math.abs(slope - gradient)));
        expect(error, `${name}[${i}]: ${slopes} and ${gradient}`).toBeLessThan(1e-3);
        if (Math.abs(gradient) > 5e-3) checked++;
      }
    }
    expect(checked).toBeGreaterThan(10);
    net.dispose();
  });

  it('two runs give the same bits', async () => {
    const arch = zoo();
    const weights = { tensors: tinyWeights(arch), masks: tinyMasks(arch, 0.5), quant: {} };
    const [a, b] = [
      await trainTiny(backend, arch, weights, ADAM, 6),
      await trainTiny(backend, arch, weights, ADAM, 6),
    ];
    expect(bits(a.tensors)).toEqual(bits(b.tensors));
    expect(a.losses).toEqual(b.losses);
    expect(a.evaluation).toEqual(b.evaluation);
  });
  it('run(2) and run(3) is run(5)', async () => {
    const arch = tinyMlp();
    const examples = tinyExamples(arch.input, 30);
    const trained = async (parts: number[]) => {
      const net = await backend.open(arch);
      await net.load(plain(tinyWeights(arch)));
      const indices = (t: number) => Uint32Array.from({ length: 6 }, (_, i) => (t * 6 + i) % 30);
      const training = net.train({ examples, batch: 6, optimizer: NESTEROV, indices });
      for (const steps of parts) {
        await training.run(steps);
        // Evaluation in between must not disturb the training.
        await net.evaluate(examples, 0, 30);
      }
      return bits(await net.read());
    };
    expect(await trained([2, 3])).toEqual(await trained([5]));
  });

  it('a new training starts with fresh optimizer state', async () => {
    const arch = tinyMlp();
    const examples = tinyExamples(arch.input, 8);
    const net = await backend.open(arch);
    const run = async () => {
      await net.load(plain(tinyWeights(arch)));
      const training = net.train({ examples, batch: 8, optimizer: ADAM, indices: (_t) => eight });
      await training.run(3);
      training.dispose();
      return bits(await net.read());
    };
    const eight = Uint32Array.from({ length: 8 }, (_, i) => i);
    expect(await run()).toEqual(await run());
  });

  it('reads back what was loaded, pruned or not; executes the masked weights', async () => {
    const arch = tinyCnn();
    const [tensors, masks] = [tinyWeights(arch), tinyMasks(arch, 0.6)];
    const examples = tinyExamples(arch.input, 50);
    const net = await backend.open(arch);
    await net.load({ tensors, masks, quant: {} });
    expect(bits(await net.read())).toEqual(bits(tensors));
    const masked = await net.evaluate(examples, 0, 50);
    const zeroed = Object.fromEntries(
      Object.entries(tensors).map(([n, t]) => [n, masks[n] ? t.map((w, i) => w * masks[n][i]) : t]),
    );
    await net.load(plain(zeroed));
    expect(await net.evaluate(examples, 0, 50)).toEqual(masked);
    await net.load(plain(tensors));
    expect((await net.evaluate(examples, 0, 50)).loss).not.toBe(masked.loss);
  });

  it('masks stay exact through training', async () => {
    const arch = tinyCnn();
    const weights = { tensors: tinyWeights(arch), masks: tinyMasks(arch, 0.7), quant: {} };
    const { tensors } = await trainTiny(backend, arch, weights, NESTEROV, 5);
    for (const [name, mask] of Object.entries(weights.masks)) {
      expect(tensors[name].some((w, i) => mask[i] === 0 && !Object.is(w, 0))).toBe(false);
      expect(tensors[name].filter((w) => w !== 0)).toHaveLength(mask.filter((m) => m === 1).length);
    }
  });

  it('evaluation does not depend on how it is cut', async () => {
    const arch = zoo();
    const examples = tinyExamples(arch.input, 300);
    const net = await backend.open(arch);
    await net.load(plain(tinyWeights(arch)));
    const size = 9 * 9 * 2;
    const all = await net.logits(examples.pixels, 300, examples.scale, examples.shift);
    for (const n of [1, 3, 7, 61]) {
      const part = await net.logits(examples.pixels.subarray(0, n * size), n, examples.scale, examples.shift);
      expect([...part]).toEqual([...all.subarray(0, n * 10)]);
    }
    const whole = await net.evaluate(examples, 0, 300);
    const [a, b] = [await net.evaluate(examples, 0, 77), await net.evaluate(examples, 77, 300)];
    expect(a.correct + b.correct).toBe(whole.correct);
    expect(a.loss + b.loss).toBeCloseTo(whole.loss, 9);
    expect(whole.count).toBe(300);
  });

  it('NaN in a weight shows in loss and logits, and is never a right answer', async () => {
    const arch = tinyMlp();
    const tensors = { ...tinyWeights(arch) };
    tensors['out/bias' in tensors ? 'out/bias' : 'fc2/bias'] = new Float32Array(10).fill(Number.NaN);
    const net = await backend.open(arch);
    await net.load(plain(tensors));
    const examples = tinyExamples(arch.input, 20);
    const result = await net.evaluate(examples, 0, 20);
    expect(result.loss).toBeNaN();
    expect(result.correct).toBe(0);
  });

  it('refuses what does not fit, naming it', async () => {
    const arch = tinyMlp();
    const net = await backend.open(arch);
    const examples = tinyExamples(arch.input, 8);
    await expect(net.evaluate(examples, 0, 1)).rejects.toThrow(/load\(\) comes first/);
    const tensors = tinyWeights(arch);
    await expect(net.load(plain({ ...tensors, 'fc1/kernel': new Float32Array(3) }))).rejects.toThrow(
      'fc1/kernel: must have 6272 values (196 x 32), found 3 values',
    );
    await net.load(plain(tensors));
    await expect(net.evaluate(examples, 0, 9)).rejects.toThrow(/beyond the 8 examples/);
    await expect(net.evaluate(tinyExamples([3, 3, 1], 2), 0, 1)).rejects.toBeInstanceOf(WinnowError);
    const job = { examples, batch: 4, optimizer: ADAM, indices: () => Uint32Array.of(1, 2) };
    const training = net.train(job);
    expect(() => net.train(job)).toThrow(/another training/);
    await expect(net.load(plain(tensors))).rejects.toThrow(/in flight/);
    await expect(training.run(1)).rejects.toThrow(/needs 4 indices, found 2/);
    training.dispose();
    await expect(training.run(1)).rejects.toThrow(/disposed/);
    net.dispose();
    await expect(net.read()).rejects.toThrow(/disposed/);
  });
});

describe.each(fast)('%s against the reference', (_name, backend) => {
  const QUANT: QuantSpec[] = [
    { bits: 4, scheme: 'affine', granularity: 'channel' },
    { bits: 2, scheme: 'symmetric', granularity: 'tensor' },
    { bits: 1, scheme: 'symmetric', granularity: 'channel' },
  ];
  // One step: after it a weight at a rounding border may fall to different sides.
  it.each(QUANT)('trains through $bits bits $scheme per $granularity', async (spec) => {
    // With ±s for weights, windows of a pool tie up to rounding, and any of them may win.
    const arch = spec.bits === 1 ? tinyMlp() : tinyCnn();
    const masks = tinyMasks(arch, 0.5);
    const quant = Object.fromEntries(Object.keys(masks).map((name) => [name, spec]));
    const weights = { tensors: tinyWeights(arch), masks, quant };
    const got = await trainTiny(backend, arch, weights, NESTEROV, 1);
    const want = await trainTiny(reference, arch, weights, NESTEROV, 1);
    expect(got.losses[0]).toBeCloseTo(want.losses[0], 5);
    expect(distance(got.tensors, want.tensors)).toBeLessThan(1e-5);
    const unquantized = await trainTiny(reference, arch, { ...weights, quant: {} }, NESTEROV, 1);
    expect(distance(got.tensors, unquantized.tensors)).toBeGreaterThan(1e-3);
  });

  it.each([
    ['LeNet-300-100', lenet300, [28, 28, 1]],
    ['LeNet-5', lenet5, [28, 28, 1]],
    // The plain loops are too slow for whole colour images; borders, channels and pairs are the same on small ones.
    ['Conv-2', conv2, [8, 8, 3]],
    ['Conv-4', conv4, [8, 8, 3]],
    ['Conv-6', conv6, [8, 8, 3]],
  ] as const)('%s, two steps and an evaluation', async (_what, model, input) => {
    const arch = model.build(input, 10);
    const weights = plain(tinyWeights(arch));
    const [got, want] = [
      await trainTiny(backend, arch, weights, NESTEROV, 2, 3),
      await trainTiny(reference, arch, weights, NESTEROV, 2, 3),
    ];
    expect(distance(want.tensors, weights.tensors)).toBeGreaterThan(1e-3);
    expect(distance(got.tensors, want.tensors)).toBeLessThan(1e-4);
    expect(got.evaluation.correct).toBe(want.evaluation.correct);
    expect(got.evaluation.loss).toBeCloseTo(want.evaluation.loss, 2);
  });

  it('networks do not share memory, and a disposed one leaves nothing to the next', async () => {
    const arch = tinyMlp();
    const examples = tinyExamples(arch.input, 40);
    const [a, b] = [await backend.open(arch), await backend.open(arch)];
    await a.load(plain(tinyWeights(arch, 1)));
    const alone = await a.evaluate(examples, 0, 40);
    await b.load(plain(tinyWeights(arch, 2)));
    expect(await a.evaluate(examples, 0, 40)).toEqual(alone);
    b.dispose();
    const c = await backend.open(zoo());
    await expect(c.read()).rejects.toThrow(/load/);
    expect(await a.evaluate(examples, 0, 40)).toEqual(alone);
    c.dispose();
    a.dispose();
  });

  it('time() gives milliseconds for passes at any batch size', async () => {
    const net = await backend.open(tinyMlp());
    await net.load(plain(tinyWeights(tinyMlp())));
    for (const batch of [1, 256, 300]) expect(await net.time(batch, 3)).toBeGreaterThan(0);
  });
});

describe('the plan', () => {
  it('starts every tensor at a multiple of four floats, without overlap', () => {
    const { slots, arena } = compilePlan(zoo());
    const ends = slots.map((s) => s.offset + s.length);
    slots.forEach((slot, i) => {
      expect(slot.offset % 4).toBe(0);
      if (i > 0) expect(slot.offset).toBeGreaterThanOrEqual(ends[i - 1]);
    });
    expect(arena).toBeGreaterThanOrEqual(ends[ends.length - 1]);
    expect(arena % 4).toBe(0);
  });
  it('takes the gradient of relu once, behind the pooling', () => {
    expect(compilePlan(zoo()).stages.map((s) => s.reluGradient)).toEqual([false, true, false, true, false]);
  });
  it('refuses layers that do not fit, by name', () => {
    const arch = network([4, 4, 1], [dense('fc1', 3), dense('fc2', 2)]);
    const broken = { ...arch, layers: [arch.layers[0], { ...arch.layers[1], in: 5 } as Arch['layers'][0]] };
    expect(() => compilePlan(broken)).toThrow('fc2: takes 5 values, but the layer before gives 3');
  });
});
