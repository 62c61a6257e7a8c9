/** Trainings that make networks sparse: what their penalties, gates and schedules do to a small network. */
import { describe, expect, it } from 'vitest';
import { referenceMachine } from '../kernels/reference/machine';
import { bench } from '../kernels/testing/bench';
import { FLAVOURS, openMachine } from '../kernels/testing/machines';
import { difference } from '../kernels/testing/run';
import golden from '../methods/goldens/sparsity.json';
import { pruningSteps, sparsityAt } from '../methods/gradual';
import { testGate } from '../methods/hard-concrete';
import type { PruningSchedule, Regime } from '../methods/regime';
import { Cancelled } from '../spec/problem';
import { arch, state, tinyData, values } from './crew/testing/tiny';
import { openBackend } from './device';
import { Gates, gatedKernels } from './gates';
import type { Unfinished } from './results';
import { type TrainEnv, trainWeights } from './training';
import type { BackendId, Network } from './types';

const KERNELS = ['fc1/kernel', 'out/kernel'];
const SGD = { optimizer: 'sgd', lr: 0.1, momentum: 0, steps: 120 } as const;
const penalty = (kind: 'l1-subgradient' | 'l1-proximal' | 'group-lasso', lambda: number): Regime => ({
  penalty: { kind, lambda, layers: [] },
});
const GATES: Regime = { gates: { lambda: 3, lr: 0.05, dropInput: 0.2, dropHidden: 0.5, layers: [] } };
const SCHEDULE: PruningSchedule = {
  ...{ from: 0, to: 0.8, begin: 13, end: 77, every: 16 },
  ...({ scope: 'layer', outputHalf: false, layers: [] } as const),
};
const REGIMES: [string, Regime][] = [
  ['l1-subgradient', penalty('l1-subgradient', 0.02)],
  ['l1-proximal', penalty('l1-proximal', 0.02)],
  ['group-lasso', penalty('group-lasso', 0.02)],
  ['gates', GATES],
  ['gradual', { schedule: SCHEDULE }],
];

function envOf(network: Network, regime: Regime, more: Partial<TrainEnv> = {}): TrainEnv {
  const env = { network, regime, data: tinyData(), device: 'here', seed: 5, replicate: 0, card: 'recipe.0' };
  return { ...env, part: 60, turn: async () => {}, ...more };
}
async function outcome(regime: Regime, more: object = SGD, id: BackendId = 'reference') {
  const network = await (await openBackend(id)).open(arch);
  return trainWeights(state(0), values({ momentum: 0, ...more }), envOf(network, regime));
}
const zeros = (t: Float32Array) => t.filter((w) => w === 0).length;

describe('L1', () => {
  it('by subgradient gives no exact zero, by proximal step many, which are pruned', async () => {
    const [sub, prox] = [await outcome(REGIMES[0][1]), await outcome(REGIMES[1][1])];
    for (const name of KERNELS) {
      expect(zeros(sub.tensors[name])).toBe(0);
      expect(zeros(prox.tensors[name])).toBeGreaterThan(5);
      prox.tensors[name].forEach((w, i) => {
        expect(prox.masks?.[name][i]).toBe(w === 0 ? 0 : 1);
      });
      // Small ones there are both ways: the penalty pulls, and the weights swing about zero.
      const small = sub.tensors[name].filter((w) => Math.abs(w) <= 0.0021).length;
      expect(small).toBeGreaterThan(5);
    }
    expect(sub.masks).toBeUndefined();
    expect(prox.tensors['fc1/bias'].includes(0)).toBe(false);
  });
  it('keeps to the layers it was given, and refuses unknown ones with the path', async () => {
    const only = (layers: string[]): Regime => ({
      penalty: { kind: 'l1-proximal', lambda: 0.02, layers },
    });
    const { tensors } = await outcome(only(['out']));
    expect(zeros(tensors['fc1/kernel'])).toBe(0);
    expect(zeros(tensors['out/kernel'])).toBeGreaterThan(0);
    await expect(outcome(only(['fc9']))).rejects.toMatchObject({
      problem: { path: 'recipe.0.with.layers.fc9' },
    });
  });
});

it('group lasso takes whole columns', async () => {
  const { tensors, masks } = await outcome(penalty('group-lasso', 0.025));
  const kernel = tensors['fc1/kernel'];
  const column = (c: number) => kernel.filter((_, i) => i % 12 === c);
  const empty = Array.from({ length: 12 }, (_, c) => zeros(column(c)));
  expect(empty.filter((n) => n === 16).length).toBeGreaterThan(0);
  expect(empty.filter((n) => n === 0).length).toBeGreaterThan(0);
  expect(empty.every((n) => n === 0 || n === 16)).toBe(true);
  expect(zeros(Float32Array.from(masks!['fc1/kernel']))).toBe(zeros(kernel));
});

describe('gates', () => {
  const kernels = gatedKernels(arch, []);
  const rule = GATES.gates!;
  const seeds = { seed: 5, names: [0, 0] };
  it('are on inputs of dense layers, and draw by step and seed alone', () => {
    expect(kernels.map(({ name, units, input }) => [name, units, input])).toEqual([
      ['fc1/kernel', 16, true],
      ['out/kernel', 12, false],
    ]);
    const [a, b] = [new Gates(kernels, rule, 300, seeds), new Gates(kernels, rule, 300, seeds)];
    a.sample(3);
    expect(a.sample(7)).toEqual(b.sample(7));
    expect(a.sample(8)).not.toEqual(b.sample(7));
    expect(b.fixed()['fc1/kernel'][0]).toBeCloseTo(testGate(Math.log(4)), 6);
  });
  it('end folded into the weights; rows behind closed gates are pruned', async () => {
    const { tensors, masks } = await outcome(
      { gates: { ...rule, lambda: 10 } },
      { optimizer: 'adam', steps: 150 },
    );
    let closed = 0;
    for (const { name, rows, cols } of kernels) {
      for (let r = 0; r < rows; r++) {
        const row = tensors[name].subarray(r * cols, (r + 1) * cols);
        const kept = masks?.[name]?.subarray(r * cols, (r + 1) * cols) ?? new Uint8Array(cols).fill(1);
        expect(new Set(kept).size).toBe(1);
        if (kept[0] === 0) closed++;
        expect(zeros(row)).toBe(kept[0] === 0 ? cols : 0);
      }
    }
    expect(closed).toBeGreaterThan(2);
  });
  it('have the gradient of the loss: finite differences through the whole network', async () => {
    const { network, loss } = await gated();
    const d = 2e-3;
    for (const { name, units } of kernels) {
      for (let u = 0; u < units; u += 5) {
        const [up, down] = [await loss(name, u, d), await loss(name, u, -d)];
        expect(network.gradients[name][u]).toBeCloseTo((up - down) / (2 * d), 3);
      }
    }
  });
  it('are refused where weights are rounded', async () => {
    const network = await (await openBackend('reference')).open(arch);
    const rounded = { ...state(0), quant: { 'fc1/kernel': QUANT } };
    await expect(trainWeights(rounded, values(), envOf(network, GATES))).rejects.toMatchObject({
      problem: { code: 'gates.quantized' },
    });
  });
});
const QUANT = { bits: 4, scheme: 'symmetric', granularity: 'tensor' } as const;

/** One step at a learning rate of 0 with all gates at 0.6, moved one by one. */
async function gated() {
  const data = tinyData();
  const network = await (await openBackend('reference')).open(arch);
  const kernels = gatedKernels(arch, []);
  const at = (name?: string, u = 0, d = 0) =>
    Object.fromEntries(
      kernels.map((k) => {
        const z = new Float32Array(k.units).fill(0.6);
        if (k.name === name) z[u] += d;
        return [k.name, z];
      }),
    );
  const run = async (z: ReturnType<typeof at>) => {
    let gradients: Record<string, Float32Array> = {};
    await network.load(state(0));
    const training = network.train({
      ...{ examples: data.train, batch: 20, indices: () => Uint32Array.from({ length: 20 }, (_, i) => i) },
      optimizer: { kind: 'sgd', lr: 0, momentum: 0, nesterov: false },
      gates: {
        kernels,
        sample: () => z,
        fixed: () => z,
        learn: (_, found) => {
          gradients = found;
        },
      },
    });
    const [loss] = await training.run(1);
    training.dispose();
    return { loss, gradients };
  };
  const { gradients } = await run(at());
  return {
    network: { gradients },
    loss: async (name: string, u: number, d: number) => (await run(at(name, u, d))).loss,
  };
}

describe('gradual pruning', () => {
  it('is at the sparsity of the schedule at every pruning, and what is pruned stays pruned', async () => {
    const network = await (await openBackend('reference')).open(arch);
    const seen: [step: number, masks: Unfinished['masks']][] = [];
    const env = envOf(
      network,
      { schedule: SCHEDULE },
      { keepMs: 0, onKept: (u) => seen.push([u.step, u.masks]) },
    );
    const { tensors, masks } = await trainWeights(state(0), values({ steps: 100 }), env);
    for (const step of pruningSteps(SCHEDULE)) expect(seen.map(([s]) => s)).toContain(step);
    for (const [i, [step, now]] of seen.entries()) {
      // What is kept at a step was looked at before the pruning after it.
      const last = pruningSteps(SCHEDULE)
        .filter((s) => s < step)
        .pop();
      for (const name of KERNELS) {
        const n = tensors[name].length;
        const wanted = last === undefined ? 0 : Math.round(sparsityAt(SCHEDULE, last) * n);
        expect(n - zerosOf(now?.[name], n), `step ${step}`).toBe(n - wanted);
        seen[i - 1]?.[1]?.[name]?.forEach((m, w) => {
          if (m === 0) expect(now?.[name][w]).toBe(0);
        });
      }
    }
    for (const name of KERNELS) {
      expect(zerosOf(masks![name], 0)).toBe(Math.round(0.8 * tensors[name].length));
      masks![name].forEach((m, i) => {
        if (m === 0) expect(Object.is(tensors[name][i], 0)).toBe(true);
      });
    }
  });
  it('forgets the moments of what it prunes', async () => {
    const network = await (await openBackend('simd')).open(arch);
    let kept: Unfinished | undefined;
    const onKept = (unfinished: Unfinished) => {
      kept = unfinished;
    };
    const env = envOf(network, { schedule: SCHEDULE }, { keepMs: 0, onKept });
    await trainWeights(state(0), values({ steps: 100 }), env);
    for (const moment of kept!.optimizer.moments) {
      kept!.masks!['fc1/kernel'].forEach((m, i) => {
        if (m === 0) expect(moment['fc1/kernel'][i]).toBe(0);
      });
      expect(zeros(moment['fc1/kernel'])).toBeLessThan(moment['fc1/kernel'].length);
    }
  });
});
const zerosOf = (mask: Uint8Array | undefined, none: number): number =>
  mask ? mask.filter((m) => m === 0).length : none * 0;

describe.each(REGIMES)('%s', (_name, regime) => {
  it('gives the same on SIMD as in plain loops', async () => {
    const [plain, fast] = [await outcome(regime), await outcome(regime, SGD, 'simd')];
    for (const name of Object.keys(plain.tensors)) {
      expect(difference(fast.tensors[name], plain.tensors[name], 1e-4)).toBeUndefined();
    }
  });
  it('gives the same bits however steps fall into blocks and wherever it was stopped', async () => {
    const whole = await outcome(regime, { ...SGD, momentum: 0.5 }, 'simd');
    for (const stops of [[1], [40, 3], [13, 1, 30]]) {
      expect(await interrupted(regime, stops)).toEqual(whole);
    }
  });
});
/** Stopped after each of these numbers of blocks, and taken up again, as if sent to another thread. */
async function interrupted(regime: Regime, stops: number[]) {
  let from: Unfinished | undefined;
  for (const after of [...stops, Infinity]) {
    const network = await (await openBackend('simd')).open(arch);
    let turns = 0;
    const turn = async () => {
      if (++turns > after) throw new Cancelled();
    };
    let stopped: Unfinished | undefined;
    const onStopped = (u: Unfinished) => {
      stopped = structuredClone(u);
    };
    const env = envOf(network, regime, { turn, onStopped });
    try {
      return await trainWeights(state(0), values({ ...SGD, momentum: 0.5 }), env, from);
    } catch (error) {
      if (!(error instanceof Cancelled)) throw error;
      from = stopped ?? from;
    }
  }
  throw new Error('never finished');
}

describe('steps as PyTorch makes them', async () => {
  const fast = await Promise.all(FLAVOURS.map(async (f) => [f, await openMachine(f)] as const));
  for (const [name, machine] of [['reference', referenceMachine()] as const, ...fast]) {
    it.each(golden.steps.map((g) => [g.kind, g.optimizer, g] as const))(`${name}: %s, %s`, (_k, _o, g) => {
      const n = g.start.length;
      const b = bench(machine);
      const [w, grad] = [b.put(Float32Array.from(g.start)), b.room(n)];
      const [m, v] = [b.put(new Float32Array(n)), b.put(new Float32Array(n))];
      g.grads.forEach((values, t) => {
        machine.floats.set(values, grad / 4);
        if (g.kind === 'l1-subgradient') machine.l1Gradient(grad, w, n, g.lambda);
        if (g.optimizer === 'sgd')
          machine.sgd(w, grad, v, 0, n, { lr: g.lr, momentum: 0.9, nesterov: false });
        else {
          const rates = { lr: g.lr, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
          machine.adam(w, grad, m, v, 0, n, rates, t + 1);
        }
        const shrink = g.lr * g.lambda;
        if (g.kind === 'l1-proximal') machine.softThreshold(w, n, shrink);
        if (g.kind === 'group-lasso') machine.shrinkColumns(w, g.rows, g.cols, shrink);
        expect(difference(b.take(w, n), g.after[t], 3e-6), `step ${t + 1}`).toBeUndefined();
      });
    });
  }
});
