/** Masks learned through scores: against PyTorch, and through whole trainings of a small network. */
import { describe, expect, it } from 'vitest';
import { difference } from '../kernels/testing/run';
import type { ScoreRule } from '../methods/regime';
import { smallestBySorting } from '../methods/select';
import { supermask } from '../methods/supermask';
import { trainingOf } from '../methods/train';
import { withDefaults } from '../spec/defaults';
import type { Params } from '../spec/params';
import { Cancelled } from '../spec/problem';
import { arch, state, tinyData } from './crew/testing/tiny';
import { openBackend } from './device';
import golden from './goldens/supermask.json';
import type { Unfinished } from './results';
import { Scores, scoredKernels } from './scores';
import { type TrainEnv, type TrainStart, trainWeights } from './training';
import type { BackendId } from './types';

const KERNELS = ['fc1/kernel', 'out/kernel'];
const SHORT = { steps: 120, batch: 20, evalEvery: 40, scoreLr: 10 };
const POPUP = { method: 'edge-popup', scoreLr: 0.1, cosine: true, weightDecay: 1e-4 };
const VARIANTS: [string, Params][] = [
  ['bernoulli', { rescale: false }],
  ['bernoulli, rescaled', {}],
  ['bernoulli, constants', { values: 'constant' }],
  ['edge-popup', POPUP],
];

interface How {
  start?: TrainStart;
  id?: BackendId;
  env?: Partial<TrainEnv>;
  from?: Unfinished;
}
async function outcome(more: Params = {}, { start = state(0), id = 'reference', env, from }: How = {}) {
  const network = await (await openBackend(id)).open(start.arch);
  const filled = withDefaults(supermask.params, { ...SHORT, ...more }) as Params;
  const { values, regime } = trainingOf(supermask as never, filled);
  const usual = { seed: 5, replicate: 0, card: 'recipe.0', device: 'here', part: 60, turn: async () => {} };
  return trainWeights(start, values, { ...usual, network, regime, data: tinyData(), ...env }, from);
}
const ones = (mask: Uint8Array) => mask.filter((m) => m === 1).length;

describe.each(VARIANTS)('%s', (_name, more) => {
  it('learns a mask and nothing else: what is there has its value, biases stay', async () => {
    const begun = state(0);
    const { tensors, masks, rows } = await outcome(more);
    for (const name of KERNELS) {
      const mask = masks![name];
      const factors = new Set<string>();
      mask.forEach((m, i) => {
        const w = more.values === 'constant' ? Math.sign(begun.tensors[name][i]) : begun.tensors[name][i];
        if (m === 0) expect(Object.is(tensors[name][i], 0)).toBe(true);
        else factors.add((tensors[name][i] / w).toPrecision(4));
      });
      // One for the layer: 1, n / ones, or that times the deviation.
      expect(factors.size, name).toBe(1);
      const n = mask.length;
      const made = Number([...factors][0]);
      if (more.rescale === false || more.method) expect(made).toBe(1);
      else if (!more.values) expect(made).toBeCloseTo(n / ones(mask), 3);
      if (more.method) expect(ones(mask)).toBe(n - Math.round(0.5 * n));
    }
    expect(tensors['fc1/bias']).toEqual(begun.tensors['fc1/bias']);
    const losses = rows.filter((r) => r.metric === 'val.loss').map((r) => r.value);
    expect(losses[losses.length - 1]).toBeLessThan(losses[0]);
    const sampled = rows.filter((r) => r.metric === 'sampled.accuracy');
    expect(sampled.map((r) => r.step)).toEqual(more.method ? [] : [SHORT.steps]);
  });
  it('gives the same on SIMD as in plain loops', async () => {
    // Few steps: a draw that falls the other way by a rounding leads elsewhere.
    const few = { ...more, steps: 15 };
    const [plain, fast] = [await outcome(few), await outcome(few, { id: 'simd' })];
    expect(fast.masks).toEqual(plain.masks);
    for (const name of KERNELS) {
      expect(difference(fast.tensors[name], plain.tensors[name], 1e-6)).toBeUndefined();
    }
  });
  it('gives the same bits wherever it was stopped, also while masks are drawn at the end', async () => {
    const whole = await outcome(more, { id: 'simd' });
    for (const stops of [[1], [5, 3], [12, 1, 4]]) expect(await interrupted(more, stops)).toEqual(whole);
  });
});
/** Stopped after each of these numbers of turns, and taken up again, as if sent to another thread. */
async function interrupted(more: Params, stops: number[]) {
  let from: Unfinished | undefined;
  for (const after of [...stops, Number.POSITIVE_INFINITY]) {
    let turns = 0;
    const turn = async () => {
      if (++turns > after) throw new Cancelled();
    };
    const onStopped = (unfinished: Unfinished) => {
      from = structuredClone(unfinished);
    };
    try {
      return await outcome(more, { id: 'simd', env: { turn, onStopped }, from });
    } catch (error) {
      if (!(error instanceof Cancelled)) throw error;
    }
  }
  throw new Error('never finished');
}

describe('what earlier cards left', () => {
  const half = Uint8Array.from({ length: 192 }, (_, i) => i % 2);
  const pruned = { ...state(0), masks: { 'fc1/kernel': half } };
  it.each(VARIANTS)('pruned weights stay pruned and are not counted: %s', async (_name, more) => {
    const { masks, tensors } = await outcome(more, { start: pruned });
    const mask = masks!['fc1/kernel'];
    mask.forEach((m, i) => {
      if (half[i] === 0) expect([m, tensors['fc1/kernel'][i]]).toEqual([0, 0]);
    });
    if (more.method) expect(ones(mask)).toBe(48);
    if (more.method || more.values || more.rescale === false) return;
    const i = mask.indexOf(1);
    expect(tensors['fc1/kernel'][i] / pruned.tensors['fc1/kernel'][i]).toBeCloseTo(96 / ones(mask), 4);
  });
  it('layers that are not named stay as they are', async () => {
    const { masks, tensors } = await outcome({ layers: ['out'] });
    expect(Object.keys(masks!)).toEqual(['out/kernel']);
    expect(tensors['fc1/kernel']).toEqual(state(0).tensors['fc1/kernel']);
    await expect(outcome({ layers: ['fc9'] })).rejects.toMatchObject({
      problem: { path: 'recipe.0.with.layers.fc9' },
    });
  });
  it('quantized kernels and held weights are refused by name', async () => {
    const quant = { 'fc1/kernel': { bits: 4, scheme: 'symmetric', granularity: 'tensor' } } as const;
    const held = { 'out/kernel': new Uint8Array(36) };
    for (const [code, found, start] of [
      ['supermask.quantized', 'fc1/kernel', { ...state(0), quant }],
      ['supermask.held', 'out/kernel', { ...state(0), held }],
    ] as const) {
      const refused = expect(outcome({}, { start })).rejects;
      await refused.toMatchObject({ problem: { code, path: 'recipe.0', values: { found } } });
    }
  });
});

describe('scores', () => {
  const rule: ScoreRule = {
    ...{ method: 'edge-popup', values: 'init', rescale: false, keep: 0.3, layers: [] },
    ...{ lr: 0.1, momentum: 0.9, weightDecay: 0, cosineSteps: 100 },
  };
  const scores = (more: Partial<ScoreRule> = {}) =>
    new Scores(scoredKernels(arch, []), { ...rule, ...more }, {}, { seed: 5, names: [0, 0] });
  it('begin within 1 / sqrt(fan in), or at p = 1/2', () => {
    const popup = scores().start();
    expect(Math.max(...popup['fc1/kernel'])).toBeGreaterThan(0.2);
    expect(Math.max(...popup['fc1/kernel'].map(Math.abs))).toBeLessThanOrEqual(0.25);
    expect(scores({ method: 'bernoulli' }).start()['out/kernel']).toEqual(new Float32Array(36));
  });
  it('with ties and zeros leave exactly the wanted number of weights, by rank', () => {
    const tied = Float32Array.from({ length: 36 }, (_, i) => [0, -0.5, 0.5, 0.25, -0][i % 5]);
    const out = new Float32Array(36);
    scores().write('out/kernel', new Float32Array(36).fill(1), tied, out);
    const wanted = smallestBySorting([{ scores: tied.map(Math.abs) }], Math.round(0.7 * 36))[0];
    expect(Uint8Array.from(out)).toEqual(wanted);
    const broken = tied.map((s, i) => (i === 3 ? Number.NaN : s));
    expect(() => scores().write('out/kernel', out, broken, out)).toThrow(/finite/);
  });
  it('draw by step and seed alone; the rate falls along a cosine', () => {
    expect(scores().seed('out/kernel', 7)).toEqual(scores().seed('out/kernel', 7));
    expect(scores().seed('out/kernel', 8)).not.toEqual(scores().seed('out/kernel', 7));
    expect(scores().seed('fc1/kernel', 7)).not.toEqual(scores().seed('out/kernel', 7));
    expect([0, 50, 100].map((t) => scores().rate(t).toFixed(4))).toEqual(['0.1000', '0.0500', '0.0000']);
    expect(scores({ cosineSteps: 0 }).rate(99)).toBe(0.1);
  });
});

describe('steps as PyTorch makes them', () => {
  const bare = {
    input: [4, 4, 1] as const,
    layers: arch.layers.map((layer) => ({ ...layer, bias: false })) as typeof arch.layers,
  };
  const runs = (['reference', 'simd'] as const).flatMap((id) =>
    golden.runs.map(
      (run) => [`${id}: ${run.method}, rescaled ${run.rescale}, ${run.keep}`, id, run] as const,
    ),
  );
  it.each(runs)('%s', async (_name, id, run) => {
    const tensorsOf = (lists: number[][]) =>
      Object.fromEntries(KERNELS.map((name, k) => [name, Float32Array.from(lists[k])]));
    const network = await (await openBackend(id)).open(bare);
    await network.load({ tensors: tensorsOf(run.weights), masks: {}, quant: {} });
    const kernels = KERNELS.map((name, k) => ({ name, alive: run.weights[k].length }));
    const selected = new Scores(
      scoredKernels(bare, []),
      { ...rule(run), cosineSteps: 0 },
      {},
      { seed: 1, names: [] },
    );
    let step = -1;
    const pixels = Uint8Array.from(run.pixels.flat(2));
    const labels = Uint8Array.from(run.labels.flat());
    const examples = { split: 'train', count: 60, total: 60, pixels, labels, shape: [4, 4, 1] } as const;
    const training = network.train({
      examples: { ...examples, scale: 1 / 255, shift: 0 },
      batch: 20,
      optimizer: { kind: 'sgd', lr: 0, momentum: 0, nesterov: false },
      indices: (t) => Uint32Array.from({ length: 20 }, (_, i) => t * 20 + i),
      scores: {
        ...{ kernels, drawn: false, slope: run.method === 'bernoulli' ? 'sigmoid' : 'sign' },
        ...{ rescale: run.rescale, momentum: run.momentum, weightDecay: run.weightDecay },
        start: () => tensorsOf(run.start),
        rate: (t) => {
          step = t;
          return run.lr;
        },
        seed: () => [0, 0, 0],
        shown: () => undefined,
        // What PyTorch drew takes the place of our own draw; what it selected must be our selection.
        write(name, weights, scores, out) {
          const drawn = run.drawn[step + 1][KERNELS.indexOf(name)];
          const there = drawn.filter((b) => b === 1).length;
          const factor = run.rescale ? drawn.length / there : 1;
          out.set(weights.map((w, i) => (drawn[i] === 1 ? w * factor : 0)));
          if (run.method !== 'edge-popup') return factor;
          const own = new Float32Array(out.length);
          selected.write(name, weights, scores, own);
          expect(own).toEqual(out);
          return factor;
        },
      },
    });
    for (let t = 0; t < run.losses.length; t++) {
      const [loss] = await training.run(1);
      expect(loss).toBeCloseTo(run.losses[t], 5);
      const [found] = (await training.save!()).moments;
      KERNELS.forEach((name, k) => {
        expect(difference(found[name], run.after[t][k], 1e-5), `step ${t} ${name}`).toBeUndefined();
      });
    }
  });
});
const rule = (run: (typeof golden.runs)[number]): ScoreRule => ({
  ...{ method: run.method as ScoreRule['method'], values: 'init', rescale: run.rescale, keep: run.keep },
  ...{ lr: run.lr, momentum: run.momentum, weightDecay: run.weightDecay, cosineSteps: 0, layers: [] },
});
