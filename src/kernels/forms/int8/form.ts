/** int8: weights and rows of x as bytes, sums as 32-bit integers. */
import { MOST_INPUTS, packQuads, perOutput, signedBytes } from '../coded';
import type { Buffers, Form, PackSource, Places } from '../types';
import type { BytePlaces } from './contract';
import { int8Variants } from './wgsl';

/** The buffers of ../coded.ts; undefined without codes or with more inputs than sums have room for. */
export function packBytes(source: PackSource): Buffers | undefined {
  const { shape } = source;
  const signed = shape.in <= MOST_INPUTS ? signedBytes(source) : undefined;
  return signed && { codes: packQuads(signed.bytes, shape.in, shape.out), ...perOutput(signed) };
}
export const bytePlaces = ({ codes, scales, offsets }: Places): BytePlaces => ({ codes, scales, offsets });

export const int8: Form = {
  id: 'int8',
  exact: false,
  pack: packBytes,
  macs: (s) => s.in * s.out,
  scratch: (machine, s, rows) => machine.scratchInt8(s, rows),
  forward: (machine, s, x, packed, bias, y, rows, relu) =>
    machine.int8Forward(s, x, bytePlaces(packed), bias, y, rows, relu),
  gpu: (s, _packed, call) => int8Variants(s, call),
};
