/**
 * One generator for all matrix products: dense layers as they are, convolutions with the matrix of patches never
 * made (implicit GEMM). C [m, n] = sum over k of A(m, k) * B(k, n), in one of two styles:
 * - `block`: every thread keeps a block of C in registers and reads A and B itself. No barriers, which software
 *   adapters wait at, and vector loads where rows allow it.
 * - `tile`: a workgroup shares tiles of A and B in its memory, for graphics cards.
 * Sums run in a fixed order in both, so that the same variant gives the same bits again.
 */
import { type Binding, ceilDiv, type Kernel } from './kernel';

export interface Block {
  style: 'block';
  /** Rows of C per thread, a multiple of 4, and columns in fours. */
  rows: number;
  fours: number;
  /** Per workgroup. */
  threads: number;
}
export interface Tile {
  style: 'tile';
  /** Threads along each side of a workgroup, and each thread's square of C. */
  threads: number;
  each: number;
}
export type Variant = Block | Tile;

export const VARIANTS = {
  block4x4: { style: 'block', rows: 4, fours: 1, threads: 64 },
  block4x8: { style: 'block', rows: 4, fours: 2, threads: 64 },
  block8x8: { style: 'block', rows: 8, fours: 2, threads: 64 },
  // Few threads spread better over the few cores of a software adapter.
  block8x8few: { style: 'block', rows: 8, fours: 2, threads: 16 },
  tile16: { style: 'tile', threads: 16, each: 1 },
  tile32: { style: 'tile', threads: 8, each: 4 },
} as const satisfies Record<string, Variant>;
export type VariantId = keyof typeof VARIANTS;

/** How a block reads its operands: k runs over `outer` times `inner`, with work hoisted out of the inner loop. */
export interface BlockReads {
  outer: number;
  inner: number;
  /** Once per outer step `o`. */
  outerSetup?: string;
  /**
   * A vector along k (`k`), along four rows (`m`), or scalars. With `m`, the index below counts groups of four
   * rows, else rows; `m<i>` is the (first) row.
   */
  aVector: 'k' | 'm' | null;
  row?(i: number): string;
  rowOuter?(i: number): string;
  /** Value(s) of A at inner step k. */
  a(i: number, k: string): string;
  /** Four columns from column `n` at inner step k. */
  b(n: string, k: string): string;
  /** If B runs along k: four inner steps from k of column n. Only with aVector `k`. */
  bAlong?(n: string, k: string): string;
}
export interface Gemm {
  label: string;
  m: number;
  /** Rows of C per image: how many rows are computed for a number of images. Fixed m if absent. */
  perImage?: number;
  n: number;
  bindings: readonly Binding[];
  /** The functions fa(m, k), fb(k, n), put(split, m, n, value), for any flat k = o * inner + i. */
  code: string;
  reads: BlockReads;
  /** Also puts the sum of B over k as row m of C: the gradient of a bias. */
  sums?: boolean;
  /** Partial sums over ranges of the outer loop, each put with its own number. */
  splits?: number;
}

export function gemmKernel(g: Gemm, id: VariantId): Kernel {
  const variant: Variant = VARIANTS[id];
  return variant.style === 'block' ? block(g, variant, id) : tile(g, variant, id);
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const splitSize = (g: Gemm): number => ceilDiv(g.reads.outer, g.splits ?? 1);

/** Sum of B down one column, over this split's part of k. */
const columnSum = (g: Gemm, n: string): string => `{
    var sum = 0.0;
    for (var k = first * ${g.reads.inner}u; k < last * ${g.reads.inner}u; k++) { sum += fb(k, ${n}); }
    put(split, ${g.m}u, ${n}, sum);
  }`;
const splitRange = (g: Gemm): string =>
  `let first = split * ${splitSize(g)}u;
  let last = min(first + ${splitSize(g)}u, ${g.reads.outer}u);`;

function block(g: Gemm, { rows, fours, threads }: Block, id: string): Kernel {
  const columns = 4 * fours;
  // Narrow outputs get tall workgroups, so that threads are not idle.
  let wide = 1;
  while (wide * wide < threads && wide * columns < g.n) wide *= 2;
  const tall = threads / wide;
  const { reads } = g;
  const units = reads.aVector === 'm' ? range(rows / 4) : range(rows);
  const unit = reads.aVector === 'm' ? 4 : 1;
  const perRow = (f?: (i: number) => string) => (f ? units.map((i) => f(i)).join('\n') : '');
  const loop = reads.outer > 1 || g.splits;
  const body = `  let n0 = id.x * ${columns}u;
  let mb = id.y * ${rows}u;
  if (n0 >= ${g.n}u || mb >= ${g.m}u) { return; }
  ${units.map((i) => `let m${i} = min(mb + ${i * unit}u, ${g.m - 1}u);`).join('\n  ')}
  ${perRow(reads.row)}
  ${range(rows)
    .flatMap((i) => range(fours).map((j) => `var c${i}_${j} = vec4<f32>();`))
    .join('\n  ')}
  ${splitRange(g)}
  ${loop ? 'for (var o = first; o < last; o++) {' : '{ let o = 0u;'}
    ${reads.outerSetup ?? ''}
    ${perRow(reads.rowOuter)}
    ${innerLoop(reads, rows, fours)}
  }
  for (var j = 0u; j < ${columns}u; j++) {
    let n = n0 + j;
    if (n >= ${g.n}u) { break; }
    ${range(rows)
      .map((i) => `if (mb + ${i}u < ${g.m}u) { put(split, mb + ${i}u, n, ${pick(i, fours)}); }`)
      .join('\n    ')}
    ${g.sums ? `if (id.y == 0u) ${columnSum(g, 'n')}` : ''}
  }`;
  return {
    label: `${g.label} ${id}`,
    bindings: g.bindings,
    head: g.code,
    threads: [wide, tall],
    depth: g.splits,
    body,
    groups(images) {
      const m = g.perImage ? Math.min(g.m, images * g.perImage) : g.m;
      return [ceilDiv(g.n, wide * columns), ceilDiv(m, tall * rows)];
    },
  };
}
const pick = (i: number, fours: number): string =>
  fours === 1
    ? `c${i}_0[j]`
    : `array<vec4<f32>, ${fours}>(${range(fours)
        .map((j) => `c${i}_${j}`)
        .join(', ')})[j / 4u][j % 4u]`;

function innerLoop(reads: BlockReads, rows: number, fours: number): string {
  const lines: string[] = [];
  const cells = range(rows).flatMap((i) => range(fours).map((j) => [i, j] as const));
  const column = (j: number) => `n0 + ${4 * j}u`;
  if (reads.aVector === 'k') {
    for (const i of range(rows)) lines.push(`let a${i} = ${reads.a(i, 'k')};`);
    if (reads.bAlong) {
      for (const j of range(fours)) {
        for (const c of range(4))
          lines.push(`let b${j}_${c} = ${reads.bAlong(`(${column(j)} + ${c}u)`, 'k')};`);
      }
      for (const [i, j] of cells) {
        const dots = range(4).map((c) => `dot(a${i}, b${j}_${c})`);
        lines.push(`c${i}_${j} += vec4<f32>(${dots.join(', ')});`);
      }
    } else {
      for (const [q, part] of ['x', 'y', 'z', 'w'].entries()) {
        for (const j of range(fours))
          lines.push(`let b${j}_${q} = ${reads.b(`(${column(j)})`, `(k + ${q}u)`)};`);
        for (const [i, j] of cells) lines.push(`c${i}_${j} += a${i}.${part} * b${j}_${q};`);
      }
    }
  } else {
    const of = (i: number) => (reads.aVector === 'm' ? `a${i >> 2}[${i & 3}]` : `a${i}`);
    for (const i of range(reads.aVector === 'm' ? rows / 4 : rows))
      lines.push(`let a${i} = ${reads.a(i, 'k')};`);
    for (const j of range(fours)) lines.push(`let b${j} = ${reads.b(`(${column(j)})`, 'k')};`);
    for (const [i, j] of cells) lines.push(`c${i}_${j} += ${of(i)} * b${j};`);
  }
  const step = reads.aVector === 'k' ? 4 : 1;
  return `for (var k = 0u; k < ${reads.inner}u; k += ${step}u) {
      ${lines.join('\n      ')}
    }`;
}

function tile(g: Gemm, { threads, each }: Tile, id: string): Kernel {
  const side = threads * each;
  const depth = 16;
  const count = threads * threads;
  const cells = range(each).flatMap((i) => range(each).map((j) => [i, j] as const));
  const head = `${g.code}
var<workgroup> ta: array<f32, ${side * depth}>;
var<workgroup> tb: array<f32, ${side * depth}>;`;
  const body = `  let m0 = group.y * ${side}u;
  let n0 = group.x * ${side}u;
  ${splitRange(g)}
  let end = last * ${g.reads.inner}u;
  ${cells.map(([i, j]) => `var c${i}_${j} = 0.0;`).join(' ')}
  for (var k0 = first * ${g.reads.inner}u; k0 < end; k0 += ${depth}u) {
    for (var t = thread; t < ${side * depth}u; t += ${count}u) {
      let m = m0 + t / ${depth}u;
      let ka = k0 + t % ${depth}u;
      var va = 0.0;
      if (m < ${g.m}u && ka < end) { va = fa(m, ka); }
      ta[t] = va;
      let kb = k0 + t / ${side}u;
      let n = n0 + t % ${side}u;
      var vb = 0.0;
      if (n < ${g.n}u && kb < end) { vb = fb(kb, n); }
      tb[t] = vb;
    }
    workgroupBarrier();
    for (var k = 0u; k < ${depth}u; k++) {
      ${range(each)
        .map((i) => `let a${i} = ta[(local.y * ${each}u + ${i}u) * ${depth}u + k];`)
        .join('\n      ')}
      ${range(each)
        .map((j) => `let b${j} = tb[k * ${side}u + local.x * ${each}u + ${j}u];`)
        .join('\n      ')}
      ${cells.map(([i, j]) => `c${i}_${j} += a${i} * b${j};`).join(' ')}
    }
    workgroupBarrier();
  }
  let mt = m0 + local.y * ${each}u;
  let nt = n0 + local.x * ${each}u;
  ${cells
    .map(
      ([i, j]) =>
        `if (mt + ${i}u < ${g.m}u && nt + ${j}u < ${g.n}u) { put(split, mt + ${i}u, nt + ${j}u, c${i}_${j}); }`,
    )
    .join('\n  ')}
  ${
    g.sums
      ? `if (group.y == 0u && local.y == 0u) {
    for (var n = nt; n < min(nt + ${each}u, ${g.n}u); n++) ${columnSum(g, 'n')}
  }`
      : ''
  }`;
  return {
    label: `${g.label} ${id}`,
    bindings: g.bindings,
    head,
    threads: [threads, threads],
    depth: g.splits,
    body,
    groups(images) {
      const m = g.perImage ? Math.min(g.m, images * g.perImage) : g.m;
      return [ceilDiv(g.n, side), ceilDiv(m, side)];
    },
  };
}
