/** Each op of each executor against the plain reference, at sizes that fill no tile. */
import { describe, expect, it } from 'vitest';
import type { ConvShape } from './conv/contract';
import type { Machine } from './machine';
import type { PoolShape } from './max-pool/contract';
import { referenceMachine } from './reference/machine';
import { type Bench, bench, noise, sparse } from './testing/bench';
import { FLAVOURS, openMachine } from './testing/machines';

const machines = await Promise.all(FLAVOURS.map(async (f) => [f, await openMachine(f)] as const));

/** Runs `op` on both and compares all it returns; `scale` is the size of a typical sum. */
function agree(machine: Machine, op: (b: Bench) => Float32Array, tolerance = 2e-6): Float32Array {
  const [got, want] = [op(bench(machine)), op(bench(referenceMachine()))];
  expect(got.length).toBe(want.length);
  const top = want.reduce((m, v) => Math.max(m, Number.isFinite(v) ? Math.abs(v) : 0), 1);
  for (let i = 0; i < want.length; i++) {
    if (Number.isNaN(want[i])) expect(got[i], `[${i}]`).toBeNaN();
    else if (!(Math.abs(got[i] - want[i]) <= tolerance * top)) expect(got[i], `[${i}]`).toBe(want[i]);
  }
  return got;
}

const SIZES: [batch: number, inn: number, out: number][] = [
  [1, 1, 1],
  [1, 13, 7],
  [3, 7, 13],
  [4, 60, 10],
  [5, 1, 3],
  [7, 61, 9],
  [13, 3, 11],
  [60, 61, 12],
  [61, 60, 20],
  [60, 13, 50],
  [6, 33, 17],
];

describe.each(machines)('%s', (_name, machine) => {
  /** 1: dense data. Less: mostly zeros, which executors may skip. */
  describe.each([1, 0.2])('dense layers, density of inputs %d', (density) => {
    it.each(SIZES)('batch %i, %i -> %i: forward', (batch, inn, out) => {
      for (const relu of [false, true]) {
        for (const biased of [false, true]) {
          agree(machine, (b) => {
            const s = { in: inn, out };
            const [x, w] = [b.put(sparse(batch * inn, 1, density)), b.put(noise(inn * out, 2))];
            const [bias, y] = [biased ? b.put(noise(out, 3)) : 0, b.room(batch * out)];
            const packed = b.room(b.machine.packedBytes(inn, out) / 4);
            b.machine.setScratch(b.room(b.machine.scratchDense(s, batch) / 4));
            b.machine.pack(w, packed, inn, out);
            b.machine.denseForward(s, x, w, packed, bias, y, batch, relu);
            return b.take(y, batch * out);
          });
        }
      }
    });
    it.each(SIZES)('batch %i, %i -> %i: backward', (batch, inn, out) => {
      agree(machine, (b) => {
        const s = { in: inn, out };
        const [x, dy] = [b.put(sparse(batch * inn, 4, density)), b.put(noise(batch * out, 5))];
        const [w, dx] = [b.put(noise(inn * out, 6)), b.room(batch * inn)];
        const [dw, db] = [b.room(inn * out), b.room(out)];
        b.machine.setScratch(b.room(b.machine.scratchDense(s, batch) / 4));
        b.machine.denseBackwardWeights(s, x, dy, dw, batch);
        b.machine.denseBackwardInput(s, dy, w, dx, batch);
        b.machine.biasGrad(dy, db, batch, out);
        return Float32Array.of(...b.take(dw, inn * out), ...b.take(dx, batch * inn), ...b.take(db, out));
      });
    });
  });

  it('gives a row the same bits in every batch', () => {
    const [inn, out] = [61, 19];
    const s = { in: inn, out };
    const rows = (batch: number, density: number) => {
      const b = bench(machine);
      const [x, w] = [b.put(sparse(60 * inn, 1, density)), b.put(noise(inn * out, 2))];
      const [bias, y] = [b.put(noise(out, 3)), b.room(batch * out)];
      const packed = b.room(machine.packedBytes(inn, out) / 4);
      machine.setScratch(b.room(machine.scratchDense(s, batch) / 4));
      machine.pack(w, packed, inn, out);
      machine.denseForward(s, x, w, packed, bias, y, batch, true);
      return b.take(y, out);
    };
    for (const density of [1, 0.2]) {
      const want = rows(60, density);
      for (const batch of [1, 3, 4, 5, 7, 59]) expect(rows(batch, density)).toEqual(want);
    }
  });

  const conv = (h: number, c: number, n: number, k: number, stride = 1, pad = 0, oh?: number): ConvShape => {
    const out = oh ?? Math.floor((h + 2 * pad - k) / stride) + 1;
    return { h, w: h, c, oh: out, ow: out, n, k, stride, pad };
  };
  const CONVS: ConvShape[] = [
    conv(1, 1, 1, 1),
    conv(7, 1, 3, 3),
    conv(8, 3, 7, 5),
    conv(9, 2, 13, 3, 2),
    conv(10, 4, 5, 3, 3),
    conv(7, 3, 4, 3, 1, 1),
    conv(8, 1, 6, 5, 1, 2),
    conv(8, 2, 9, 3, 2, 0, 4),
    conv(12, 20, 50, 5),
    conv(8, 16, 16, 3, 1, 1),
    conv(9, 17, 22, 3, 1, 1),
    conv(7, 23, 13, 3),
    conv(9, 14, 19, 5, 1, 2),
    conv(16, 32, 40, 3, 1, 1),
    { h: 5, w: 9, c: 3, oh: 3, ow: 7, n: 11, k: 3, stride: 1, pad: 0 },
  ];
  describe.each(CONVS)('convolution %o', (s) => {
    const [input, output, weights] = [s.h * s.w * s.c, s.oh * s.ow * s.n, s.k * s.k * s.c * s.n];
    it.each([1, 3])('batch %i: forward', (batch) => {
      for (const relu of [false, true]) {
        agree(machine, (b) => {
          const [x, w] = [b.put(noise(batch * input, 1)), b.put(noise(weights, 2))];
          const [bias, y] = [relu ? b.put(noise(s.n, 3)) : 0, b.room(batch * output)];
          const packed = b.room(b.machine.packedConvBytes(s) / 4);
          b.machine.setScratch(b.room(b.machine.scratchConv(s) / 4));
          b.machine.packConv(s, w, packed);
          b.machine.convForward(s, x, w, packed, bias, y, batch, relu);
          return b.take(y, batch * output);
        });
      }
    });
    it.each([
      [1, 1],
      [3, 1],
      [3, 0.25],
      [2, 0],
    ])('batch %i, density of the gradient %d: backward', (batch, density) => {
      agree(machine, (b) => {
        const [x, dy] = [b.put(noise(batch * input, 4)), b.put(sparse(batch * output, 5, density))];
        const [w, dx, dw] = [b.put(noise(weights, 6)), b.room(batch * input), b.room(weights)];
        b.machine.setScratch(b.room(b.machine.scratchConv(s) / 4));
        b.machine.convBackwardWeights(s, x, dy, dw, batch);
        b.machine.convBackwardInput(s, dy, w, dx, batch);
        return Float32Array.of(...b.take(dw, weights), ...b.take(dx, batch * input));
      });
    });
  });

  const POOLS: PoolShape[] = [
    { h: 2, w: 2, c: 1, oh: 1, ow: 1, size: 2, stride: 2 },
    { h: 6, w: 8, c: 7, oh: 3, ow: 4, size: 2, stride: 2 },
    { h: 7, w: 7, c: 5, oh: 3, ow: 3, size: 2, stride: 2 },
    { h: 7, w: 7, c: 3, oh: 3, ow: 3, size: 3, stride: 2 },
    { h: 6, w: 6, c: 20, oh: 2, ow: 2, size: 3, stride: 3 },
  ];
  describe.each(POOLS)('max pooling %o', (s) => {
    const [input, output] = [s.h * s.w * s.c * 3, s.oh * s.ow * s.c * 3];
    it.each([
      ['noise', noise(input, 1)],
      ['ties', noise(input, 2).map((v) => Math.sign(Math.round(v)))],
      ['zeros', new Float32Array(input)],
      ['negative', noise(input, 3).map((v) => -1 - Math.abs(v))],
      ['NaN', noise(input, 4).map((v, i) => (i % 5 === 0 ? Number.NaN : v))],
      ['infinities', noise(input, 5).map((v) => (v < 0 ? -Infinity : Infinity))],
    ])('of %s: forward, origins, backward', (_what, values) => {
      agree(machine, (b) => {
        const [x, dy] = [b.put(values), b.put(noise(output, 5))];
        const [y, taps, dx] = [b.room(output), b.room(output), b.room(input)];
        b.machine.poolForward(s, x, y, taps, 3);
        b.machine.poolBackward(s, dy, taps, dx, 3);
        const origins = new Uint32Array(b.machine.floats.slice(taps / 4, taps / 4 + output).buffer);
        return Float32Array.of(...b.take(y, output), ...origins, ...b.take(dx, input));
      });
    });
  });
  it('max pooling takes the first of equals', () => {
    const s = { h: 2, w: 2, c: 4, oh: 1, ow: 1, size: 2, stride: 2 };
    const b = bench(machine);
    const [x, dy] = [b.put(new Float32Array(16).fill(3)), b.put(Float32Array.of(1, 2, 3, 4))];
    const [y, taps, dx] = [b.room(4), b.room(4), b.room(16)];
    machine.poolForward(s, x, y, taps, 1);
    machine.poolBackward(s, dy, taps, dx, 1);
    expect([...b.take(dx, 16)]).toEqual([1, 2, 3, 4, ...new Array(12).fill(0)]);
  });

  describe('softmax cross-entropy', () => {
    const lossOf = (b: Bench, z: Float32Array, labels: number[], classes: number) => {
      const [at, l] = [b.put(z), b.put(Uint8Array.from(labels))];
      const dz = b.room(z.length);
      const loss = b.machine.softmaxLoss(at, l, dz, labels.length, classes);
      const correct = b.machine.lastCorrect();
      expect(b.machine.softmaxLoss(at, l, 0, labels.length, classes)).toBe(loss);
      return { loss, correct, dz: b.take(dz, z.length) };
    };
    it.each([
      [1, 1],
      [1, 10],
      [7, 3],
      [61, 10],
      [60, 13],
    ])('%i rows of %i classes', (rows, classes) => {
      const z = noise(rows * classes, 1).map((v) => v * 20);
      const labels = Array.from({ length: rows }, (_, i) => (i * 7) % classes);
      agree(machine, (b) => {
        const { loss, correct, dz } = lossOf(b, z, labels, classes);
        return Float32Array.of(loss / rows, correct, ...dz);
      });
    });
    it('is log(classes) at zero logits, and huge logits do not overflow', () => {
      expect(lossOf(bench(machine), new Float32Array(10), [3], 10).loss).toBeCloseTo(Math.log(10), 12);
      const { loss, dz } = lossOf(bench(machine), Float32Array.of(1e30, -1e30, 0), [0], 3);
      expect(loss).toBe(0);
      expect([...dz]).toEqual([0, 0, 0]);
    });
    it('of equal logits only the first counts as the answer, and NaN is always wrong', () => {
      const b = (z: number[], label: number) =>
        lossOf(bench(machine), Float32Array.from(z), [label], z.length).correct;
      expect(b([2, 2, 1], 0)).toBe(1);
      expect(b([2, 2, 1], 1)).toBe(0);
      expect(b([Number.NaN, 2, 1], 0)).toBe(0);
      expect(b([Number.NaN, 2, 1], 1)).toBe(0);
      expect(b([2, 1, Number.NaN], 0)).toBe(0);
      expect(lossOf(bench(machine), Float32Array.of(Number.NaN, 1), [1], 2).loss).toBeNaN();
    });
  });

  it('NaN goes through dense, convolution and relu', () => {
    const b = bench(machine);
    const s = { in: 9, out: 5 };
    const x = noise(6 * 9, 1);
    x[9 * 2 + 4] = Number.NaN;
    const [xAt, w, y] = [b.put(x), b.put(noise(45, 2)), b.room(30)];
    const packed = b.room(machine.packedBytes(9, 5) / 4);
    machine.setScratch(b.room(machine.scratchDense(s, 6) / 4));
    machine.pack(w, packed, 9, 5);
    machine.denseForward(s, xAt, w, packed, 0, y, 6, true);
    const row = (i: number) => b.take(y + i * 20, 5);
    expect(row(2).every(Number.isNaN)).toBe(true);
    expect(row(1).some(Number.isNaN)).toBe(false);
    expect(row(3).some(Number.isNaN)).toBe(false);
    machine.denseForward(s, xAt + 9 * 2 * 4, w, packed, 0, y, 1, true);
    expect(row(0).every(Number.isNaN)).toBe(true);
  });

  it.each([1, 3, 7, 61])('relu gradient over %i', (n) => {
    const y = noise(n, 1).map((v, i) => (i % 3 === 0 ? 0 : i % 7 === 1 ? Number.NaN : v));
    agree(machine, (b) => {
      const [dy, at] = [b.put(noise(n, 2)), b.put(y)];
      b.machine.reluBackward(dy, at, n);
      return b.take(dy, n);
    });
  });
  it.each([1, 7, 8, 61])('bytes to floats, %i of them', (n) => {
    const bytes = Uint8Array.from({ length: n }, (_, i) => (i * 37) % 256);
    const got = agree(machine, (b) => {
      const [x, y] = [b.put(bytes), b.room(n)];
      b.machine.fromBytes(x, y, n, 1 / 255, -0.5);
      return b.take(y, n);
    });
    expect(got[0]).toBe(-0.5);
  });

  describe('optimizers over an arena', () => {
    const n = 60;
    const mask = Uint8Array.from({ length: n }, (_, i) => (i % 3 === 1 ? 0 : 0xff));
    const run = (b: Bench, kind: string, masked: boolean, grads: Float32Array[]) => {
      const w = b.put(noise(n, 1));
      const [m, v] = [b.put(new Float32Array(n)), b.put(new Float32Array(n))];
      const at = masked ? b.put(mask) : 0;
      grads.forEach((grad, t) => {
        const g = b.put(grad);
        if (kind === 'adam') {
          b.machine.adam(w, g, m, v, at, n, { lr: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }, t + 1);
        } else {
          const momentum = kind === 'sgd' ? 0 : 0.9;
          b.machine.sgd(w, g, v, at, n, { lr: 0.1, momentum, nesterov: kind === 'nesterov' });
        }
      });
      return b.take(w, n);
    };
    const grads = [1, 2, 3, 4].map((seed) => sparse(n, seed, 0.8));
    it.each(['adam', 'sgd', 'momentum', 'nesterov'])('%s', (kind) => {
      for (const masked of [false, true]) agree(machine, (b) => run(b, kind, masked, grads));
    });
    it.each(['adam', 'sgd', 'momentum', 'nesterov'])(
      '%s: pruned weights are +0 whatever the gradient',
      (kind) => {
        const wild = grads.map((g) =>
          g.map((v, i) => (i % 6 === 1 ? Number.NaN : i % 6 === 4 ? Infinity : v)),
        );
        const w = run(bench(machine), kind, true, wild);
        mask.forEach((keep, i) => {
          if (keep === 0) expect(Object.is(w[i], 0), `[${i}] = ${w[i]}`).toBe(true);
          else expect(Number.isFinite(w[i])).toBe(true);
        });
      },
    );
    it.each(['adam', 'sgd', 'momentum'])('%s: NaN in a gradient shows in the weight', (kind) => {
      const bad = grads.map((g, t) => (t === 1 ? g.map((v, i) => (i === 5 ? Number.NaN : v)) : g));
      const w = run(bench(machine), kind, false, bad);
      expect(w[5]).toBeNaN();
      expect(w.filter(Number.isNaN)).toHaveLength(1);
    });
  });

  it.each(['adam', 'momentum'])('%s leaves no subnormal numbers where gradients have died', (kind) => {
    const b = bench(machine);
    const [w, g] = [b.put(noise(8, 1)), b.put(noise(8, 2).map((x) => x * 1e-12))];
    const [m, v] = [b.put(new Float32Array(8)), b.put(new Float32Array(8))];
    for (let t = 1; t <= 1500; t++) {
      if (kind === 'adam')
        machine.adam(w, g, m, v, 0, 8, { lr: 0.01, beta1: 0.9, beta2: 0.9, epsilon: 1e-8 }, t);
      else machine.sgd(w, g, v, 0, 8, { lr: 0.1, momentum: 0.9, nesterov: false });
      if (t === 3) expect(b.take(v, 8).every((x) => x !== 0)).toBe(true);
      if (t === 3) machine.floats.fill(0, g / 4, g / 4 + 8);
    }
    expect([...b.take(m, 8), ...b.take(v, 8)].filter((x) => x !== 0)).toEqual([]);
  });

  it.each([1, 7, 60])('mask over %i weights, in place', (n) => {
    const mask = Uint8Array.from({ length: n }, (_, i) => (i % 2 ? 0xff : 0));
    const values = noise(n, 1);
    values[0] = Number.NaN;
    const got = agree(machine, (b) => {
      const [x, m] = [b.put(values), b.put(mask)];
      b.machine.applyMask(x, m, x, n);
      return b.take(x, n);
    });
    expect(Object.is(got[0], 0)).toBe(true);
  });
});
