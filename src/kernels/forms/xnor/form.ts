/** xnor: 1-bit weights times the signs of x. */
import type { Buffers, Form, PackSource } from '../types';
import { signAt, signWords, TILE } from './layout';
import { xnorVariants } from './wgsl';

/** Undefined where a weight is neither plus nor minus its scale: pruned ones have no sign. */
function pack({ shape, values, codes }: PackSource): Buffers | undefined {
  if (codes?.bits !== 1) return undefined;
  const { in: inn, out } = shape;
  const scales = new Float32Array(Math.ceil(out / TILE) * TILE);
  for (let o = 0; o < out; o++) scales[o] = codes.scales[codes.scales.length === 1 ? 0 : o];
  const signs = new Uint32Array(signWords(inn, out));
  for (let k = 0; k < inn; k++) {
    for (let o = 0; o < out; o++) {
      const i = k * out + o;
      if (Math.abs(values[i]) !== scales[o]) return undefined;
      const { word, bit } = signAt(inn, k, o);
      if (codes.codes[i] === 1) signs[word] |= 1 << bit;
    }
  }
  return { signs, scales };
}

export const xnor: Form = {
  id: 'xnor',
  exact: false,
  pack,
  macs: (s) => s.in * s.out,
  scratch: (machine, s, rows) => machine.scratchXnor(s, rows),
  forward: (machine, s, x, { signs, scales }, bias, y, rows, relu) =>
    machine.xnorForward(s, x, { signs, scales }, bias, y, rows, relu),
  gpu: (s, _packed, call) => xnorVariants(s, call),
};
