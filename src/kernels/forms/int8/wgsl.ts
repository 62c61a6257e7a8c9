/**
 * int8 on the GPU: rows of x are rounded to bytes first, then multiplied in one of three ways, all exact: with the
 * packed dot product, with integers, or in half precision. Contract: contract.ts.
 */
import type { DenseShape } from '../../dense/contract';
import type { Kernel } from '../../webgpu/kernel';
import { QUAD, TILE, tiled } from '../coded';
import { productStep, rowGroups } from '../product';
import type { GpuCall, GpuStep, GpuVariant } from '../types';

const THREADS = 64;
const quadsOf = (s: DenseShape): number => tiled(s.in, QUAD) / QUAD;

/**
 * Bindings x, xcodes [rows, quads], xrows [rows, 2]: codes of x, four to a word, and of each row the bits of its scale
 * and the sum of its codes. A workgroup per row. Magnitudes are compared as integers, which order as the floats do and
 * put infinities and NaN last.
 */
function quantizeRows(s: DenseShape, call: GpuCall): GpuStep {
  const [quads, most] = [quadsOf(s), call.images * call.perImage];
  const kernel: Kernel = {
    label: `rows of ${s.in} to bytes`,
    bindings: [
      ['x', 'f32', 'read'],
      ['xcodes', 'u32', 'read_write'],
      ['xrows', 'u32', 'read_write'],
    ],
    head: `var<workgroup> top: atomic<u32>;
var<workgroup> total: atomic<i32>;`,
    threads: [THREADS, 1],
    body: `  let row = group.y * groups.x + group.x;
  if (row >= ${most}u) { return; }
  var largest = 0u;
  for (var k = thread; k < ${s.in}u; k += ${THREADS}u) {
    largest = max(largest, bitcast<u32>(x[row * ${s.in}u + k]) & 0x7fffffffu);
  }
  atomicMax(&top, largest);
  workgroupBarrier();
  let bits = atomicLoad(&top);
  let finite = bits < 0x7f800000u;
  let scale = bitcast<f32>(select(0u, bits, finite)) / 127.0;
  var sum = 0;
  for (var q = thread; q < ${quads}u; q += ${THREADS}u) {
    var word = 0u;
    for (var j = 0u; j < 4u; j++) {
      let k = 4u * q + j;
      if (k < ${s.in}u && scale > 0.0) {
        let code = clamp(i32(round(x[row * ${s.in}u + k] / scale)), -127, 127);
        sum += code;
        word |= (bitcast<u32>(code) & 255u) << (8u * j);
      }
    }
    xcodes[row * ${quads}u + q] = word;
  }
  atomicAdd(&total, sum);
  workgroupBarrier();
  if (thread == 0u) {
    xrows[2u * row] = select(0x7fc00000u, bitcast<u32>(scale), finite);
    xrows[2u * row + 1u] = bitcast<u32>(atomicLoad(&total));
  }`,
    groups: (count) => rowGroups(call, count),
  };
  return { kernel, names: ['x', 'xcodes', 'xrows'] };
}

interface Way {
  label: string;
  directives?: string;
  head: string;
  /** Of the four words `w`. */
  unpack: string;
  /** Sum of products of the word `a` of x with output `lane`. */
  dot(lane: string): string;
  /** Of the word `v<suffix>`. */
  row(suffix: string): string;
}
const LANES = ['x', 'y', 'z', 'w'];
const spread = (name: string, type: string): string =>
  `fn ${name}(v: u32) -> vec4<${type}> { return vec4<${type}>((vec4<i32>(bitcast<i32>(v)) << vec4<u32>(24u, 16u, 8u, 0u)) >> vec4<u32>(24u)); }`;

const PACKED: Way = {
  label: 'dot4I8Packed',
  directives: 'requires packed_4x8_integer_dot_product;\n',
  head: '',
  unpack: '',
  row: () => '',
  dot: (lane) => `dot4I8Packed(v, w.${lane})`,
};
const UNPACKED: Way = {
  label: 'unpack and multiply',
  head: spread('spread', 'i32'),
  unpack: LANES.map((l) => `let w${l} = spread(w.${l});`).join(' '),
  row: (suffix) => `let a${suffix} = spread(v${suffix});`,
  dot: (lane) => `dot(a, w${lane})`,
};
/**
 * Half precision holds whole numbers up to 2048 exactly: a code of x (at most 127) times the low four bits of a weight
 * (at most 15) or the rest of it (at most 8) is one. Sums are integers again.
 */
const HALF: Way = {
  label: 'f16',
  directives: 'enable f16;\n',
  head: `${spread('spread', 'i32')}
fn halves(v: vec4<i32>) -> vec4<f16> { return vec4<f16>(v); }
fn products(a: vec4<f16>, low: vec4<f16>, high: vec4<f16>) -> i32 {
  return dot(vec4<i32>(a * low) + 16 * vec4<i32>(a * high), vec4<i32>(1));
}`,
  unpack: LANES.map(
    (l) =>
      `let i${l} = spread(w.${l}); let low${l} = halves(i${l} & vec4<i32>(15)); let high${l} = halves(i${l} >> vec4<u32>(4u));`,
  ).join(' '),
  row: (suffix) => `let a${suffix} = halves(spread(v${suffix}));`,
  dot: (lane) => `products(a, low${lane}, high${lane})`,
};

const variant = (s: DenseShape, call: GpuCall, way: Way): GpuVariant => {
  const quads = quadsOf(s);
  const rows = call.images * call.perImage;
  const product = productStep({
    label: `int8 ${s.in}-${s.out} ${way.label}`,
    shape: s,
    call,
    bindings: [
      ['codes', 'vec4<u32>', 'read'],
      ['scales', 'vec4<f32>', 'read'],
      ['offsets', 'vec4<i32>', 'read'],
      ['xcodes', 'u32', 'read'],
      ['xrows', 'u32', 'read'],
    ],
    head: way.head,
    directives: way.directives,
    sums: 'vec4<i32>',
    steps: quads,
    unpack: `let w = codes[(o4 / 2u * ${quads}u + k) * ${TILE / 4}u + o4 % 2u]; ${way.unpack}`,
    add(sum, row, suffix) {
      const dots = LANES.map((l) => way.dot(l).replace(/\b(v|a)\b/g, `$1${suffix}`));
      return `let v${suffix} = xcodes[${row} * ${quads}u + k]; ${way.row(suffix)} ${sum} += vec4<i32>(${dots.join(', ')});`;
    },
    finish: (sum, row) =>
      `vec4<f32>(${sum} - offsets[o4] * bitcast<i32>(xrows[2u * ${row} + 1u])) * (bitcast<f32>(xrows[2u * ${row}]) * scales[o4])`,
  });
  return {
    label: way.label,
    scratch: { xcodes: rows * quads, xrows: rows * 2 },
    steps: [quantizeRows(s, call), product],
  };
};

export const int8Variants = (s: DenseShape, call: GpuCall): GpuVariant[] => [
  ...(call.features.packedDot ? [variant(s, call, PACKED)] : []),
  variant(s, call, UNPACKED),
  ...(call.features.f16 ? [variant(s, call, HALF)] : []),
];
