/** xnor on the GPU: signs and mean magnitude of every row first, then differing bits are counted. */
import type { DenseShape } from '../../dense/contract';
import { productStep, rowGroups } from '../product';
import type { GpuCall, GpuStep, GpuVariant } from '../types';
import { TILE, WORD } from './layout';

const THREADS = 64;
const wordsOf = (s: DenseShape): number => Math.ceil(s.in / WORD);

/** Bindings x, xsigns [rows, words], xmeans [rows]. A workgroup per row. */
function signRows(s: DenseShape, call: GpuCall): GpuStep {
  const words = wordsOf(s);
  return {
    kernel: {
      label: `rows of ${s.in} to signs`,
      bindings: [
        ['x', 'f32', 'read'],
        ['xsigns', 'u32', 'read_write'],
        ['xmeans', 'f32', 'read_write'],
      ],
      head: `var<workgroup> parts: array<f32, ${THREADS}>;`,
      threads: [THREADS, 1],
      body: `  let row = group.y * groups.x + group.x;
  if (row >= ${call.images * call.perImage}u) { return; }
  var sum = 0.0;
  for (var w = thread; w < ${words}u; w += ${THREADS}u) {
    var word = 0u;
    for (var j = 0u; j < ${WORD}u; j++) {
      let k = ${WORD}u * w + j;
      if (k < ${s.in}u) {
        let value = x[row * ${s.in}u + k];
        sum += abs(value);
        if (value >= 0.0) { word |= 1u << j; }
      }
    }
    xsigns[row * ${words}u + w] = word;
  }
  parts[thread] = sum;
  for (var half = ${THREADS / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (thread < half) { parts[thread] += parts[thread + half]; }
  }
  if (thread == 0u) { xmeans[row] = parts[0] / ${s.in}.0; }`,
      groups: (images) => rowGroups(call, images),
    },
    names: ['x', 'xsigns', 'xmeans'],
  };
}

export function xnorVariants(s: DenseShape, call: GpuCall): GpuVariant[] {
  const words = wordsOf(s);
  const rows = call.images * call.perImage;
  const product = productStep({
    label: `xnor ${s.in}-${s.out}`,
    shape: s,
    call,
    bindings: [
      ['signs', 'vec4<u32>', 'read'],
      ['scales', 'vec4<f32>', 'read'],
      ['xsigns', 'u32', 'read'],
      ['xmeans', 'f32', 'read'],
    ],
    sums: 'vec4<i32>',
    steps: words,
    unpack: `let w = signs[(o4 / 2u * ${words}u + k) * ${TILE / 4}u + o4 % 2u];`,
    add: (sum, row) => `${sum} += vec4<i32>(countOneBits(w ^ vec4<u32>(xsigns[${row} * ${words}u + k])));`,
    finish: (sum, row) => `vec4<f32>(${s.in} - 2 * ${sum}) * (xmeans[${row}] * scales[o4])`,
  });
  return [
    {
      label: 'popcount',
      scratch: { xsigns: rows * words, xmeans: rows },
      steps: [signRows(s, call), product],
    },
  ];
}
