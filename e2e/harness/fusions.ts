/** Kernels that write the gradient of a value: with others' gradients added and that of a relu taken. */
import { avgPoolBackward, globalPoolBackward } from '../../src/kernels/avg-pool/wgsl';
import { normBackward, normStats } from '../../src/kernels/batch-norm/wgsl';
import { convBackwardInput } from '../../src/kernels/conv/wgsl';
import { denseBackwardInput } from '../../src/kernels/dense/wgsl';
import { depthwiseBackwardInput } from '../../src/kernels/depthwise/wgsl';
import { poolBackward } from '../../src/kernels/max-pool/wgsl';
import { noise } from '../../src/kernels/testing/bench';
import { gemmKernel } from '../../src/kernels/webgpu/gemm';
import { type Into, PLAIN, sumGradients } from '../../src/kernels/webgpu/gradient';
import type { Kernel } from '../../src/kernels/webgpu/kernel';
import type { Bench, Words } from './bench';

interface Writer {
  label: string;
  /** Floats of dx. */
  length: number;
  arrays: Record<string, Words | number>;
  /** In the order of the bindings, up to dx. */
  names: string[];
  kernel(into: Into): Kernel;
}

const place = { kernel: 0, bias: null };
const square = { h: 6, w: 6, oh: 3, ow: 3, size: 2, stride: 2 };
const writers = (c: number, batch = 2): Writer[] => {
  const conv = { h: 5, w: 5, c, oh: 5, ow: 5, n: 4, k: 3, stride: 1, pad: 1 };
  const pool = { ...square, c };
  const dense = { in: 7 * c, out: 12 };
  const out = noise(batch * 9 * c, 1);
  const weighted = (dy: number, w: number) => ({
    arrays: { dy: noise(dy, 2), w: noise(w, 3) },
    names: ['dy', 'w'],
  });
  const norm = { gamma: 0, beta: c, mean: 2 * c, variance: 3 * c };
  const stats = new Float32Array(normStats(c, 20 * batch)).fill(0.5);
  return [
    {
      label: 'dense',
      length: batch * dense.in,
      ...weighted(batch * 12, dense.in * 12),
      kernel: (into) => gemmKernel(denseBackwardInput(dense, place, batch, into), 'block4x4'),
    },
    {
      label: 'conv',
      length: batch * 25 * c,
      ...weighted(batch * 100, 36 * c),
      kernel: (into) => gemmKernel(convBackwardInput(conv, place, batch, into), 'tile16'),
    },
    {
      label: 'depthwise',
      length: batch * 25 * c,
      ...weighted(batch * 25 * c, 9 * c),
      kernel: (into) => depthwiseBackwardInput(conv, place, batch, into),
    },
    {
      label: 'max pool',
      length: batch * 36 * c,
      arrays: { dy: out, taps: Uint32Array.from(out, (_, i) => i % 4) },
      names: ['dy', 'taps'],
      kernel: (into) => poolBackward(pool, batch, into),
    },
    {
      label: 'average pool',
      length: batch * 36 * c,
      arrays: { dy: out },
      names: ['dy'],
      kernel: (into) => avgPoolBackward(pool, batch, into),
    },
    {
      label: 'global pool',
      length: batch * 9 * c,
      arrays: { dy: noise(batch * c, 4) },
      names: ['dy'],
      kernel: (into) => globalPoolBackward({ h: 3, w: 3, c }, batch, into),
    },
    {
      label: 'batch norm',
      length: batch * 20 * c,
      arrays: {
        ...{ x: noise(batch * 20 * c, 5), dy: noise(batch * 20 * c, 6), stats },
        ...{ params: noise(4 * c, 7), grads: 4 * c },
      },
      names: ['x', 'dy', 'stats', 'params', 'grads'],
      kernel: (into) => normBackward(c, norm, 20 * batch, { ...into, others: Math.min(1, into.others) }),
    },
  ];
};

/** What is wrong with them, at channels that fit vectors and at others. */
export async function fusions(bench: Bench): Promise<{ count: number; wrong: string[] }> {
  const wrong: string[] = [];
  const list = [3, 4].flatMap((c) => writers(c).map((w) => ({ ...w, label: `${w.label}, ${c} channels` })));
  for (const { label, length, arrays, names, kernel } of list) {
    const below = noise(length, 8).map((v, i) => (i % 5 === 0 ? 0 : v));
    const others = { other0: noise(length, 9), other1: noise(length, 10) };
    const base = { ...arrays, dx: length, below, ...others };
    const into = { relu: true, others: label.startsWith('batch norm') ? 1 : 2 };
    const read = ['below', 'other0', 'other1'].slice(0, 1 + into.others);
    const plain = (await bench.run(base, [[kernel(PLAIN), [...names, 'dx']]])).dx;
    const fused = (await bench.run(base, [[kernel(into), [...names, 'dx', ...read]]])).dx;
    check(wrong, label, plain, fused, below, others, into.others);
    if (plain.every((v) => v === 0)) wrong.push(`${label}: no gradient at all`);
  }
  const [below, other0, other1] = [8, 9, 10].map((seed) => noise(61, seed));
  const sum = await bench.run({ dx: 61, below, other0, other1 }, [
    [sumGradients(61, { relu: true, others: 2 }), ['dx', 'below', 'other0', 'other1']],
  ]);
  check(wrong, 'sum', new Float32Array(61), sum.dx, below, { other0, other1 }, 2);
  return { count: list.length + 1, wrong };
}

function check(
  wrong: string[],
  label: string,
  plain: Float32Array,
  fused: Float32Array,
  below: Float32Array,
  others: Record<'other0' | 'other1', Float32Array>,
  count: number,
): void {
  const bad = plain.findIndex((v, i) => {
    const want = below[i] <= 0 ? 0 : v + others.other0[i] + (count > 1 ? others.other1[i] : 0);
    return !(Math.abs(fused[i] - want) <= 1e-6);
  });
  if (bad >= 0) wrong.push(`${label}: [${bad}] is ${fused[bad]}`);
}
