/** Weights of 8 or 4 bits on the GPU: unpacked to floats, summed, and scaled at the end. Layout: ../coded.ts. */
import type { DenseShape } from '../../dense/contract';
import { QUAD, TILE, tiled } from '../coded';
import { type Product, productStep, quadInputs } from '../product';
import type { GpuCall, GpuVariant } from '../types';

const LANES = ['x', 'y', 'z', 'w'];
const FLOATS = `fn floats(v: u32) -> vec4<f32> {
  return vec4<f32>((vec4<i32>(bitcast<i32>(v)) << vec4<u32>(24u, 16u, 8u, 0u)) >> vec4<u32>(24u));
}`;
/** By way of half precision, which holds every byte exactly; products and sums need more. */
const HALVES = `fn floats(v: u32) -> vec4<f32> {
  return vec4<f32>(vec4<f16>((vec4<i32>(bitcast<i32>(v)) << vec4<u32>(24u, 16u, 8u, 0u)) >> vec4<u32>(24u)));
}`;
/** The quad of one output from two words of pairs of inputs. */
const NIBBLES = `fn floats(a: u32, b: u32, shift: u32) -> vec4<f32> {
  let v = vec4<u32>(a, a >> 16u, b, b >> 16u) >> vec4<u32>(shift);
  return vec4<f32>(vec4<i32>(v << vec4<u32>(28u)) >> vec4<u32>(28u));
}`;

function product(s: DenseShape, call: GpuCall, bits: 4 | 8, floats: string): Product {
  const quads = tiled(s.in, QUAD) / QUAD;
  const { binding, head } = quadInputs(s);
  const words =
    bits === 8
      ? `let w = codes[(o4 / 2u * ${quads}u + k) * ${TILE / 4}u + o4 % 2u];`
      : `let w = codes[o4 / 2u * ${quads}u + k]; let s = 8u * (o4 % 2u);`;
  const quad = (i: number) =>
    bits === 8 ? `floats(w.${LANES[i]})` : `floats(${i % 2 ? 'w.z, w.w' : 'w.x, w.y'}, s + ${4 * (i >> 1)}u)`;
  return {
    label: `${bits} bits ${s.in}-${s.out}`,
    shape: s,
    call,
    bindings: [
      binding,
      ['codes', 'vec4<u32>', 'read'],
      ['scales', 'vec4<f32>', 'read'],
      ['offsets', 'vec4<i32>', 'read'],
    ],
    head: `${floats}
${head}`,
    sums: 'vec4<f32>',
    steps: quads,
    // Without the zero point, so that nothing is left of what pruned weights are multiplied by.
    unpack: `${words} ${LANES.map((l, i) => `let w${l} = ${quad(i)} - zero.${l};`).join(' ')}`,
    once: 'let zero = vec4<f32>(offsets[o4]);',
    add: (sum, row, suffix) =>
      `let x${suffix} = inputs(${row}, k); ${sum} += vec4<f32>(${LANES.map((l) => `dot(x${suffix}, w${l})`).join(', ')});`,
    finish: (sum) => `${sum} * scales[o4]`,
  };
}

export function bytesVariants(s: DenseShape, call: GpuCall, bits: 4 | 8): GpuVariant[] {
  const made = (label: string, floats: string, directives?: string): GpuVariant => ({
    label,
    scratch: {},
    steps: [productStep({ ...product(s, call, bits, floats), directives })],
  });
  if (bits === 4) return [made('unpack to f32', NIBBLES)];
  const half = call.features.f16 ? [made('unpack to f16', HALVES, 'enable f16;\n')] : [];
  return [made('unpack to f32', FLOATS), ...half];
}
