/** int4: weights of 2 to 4 bits, two to a byte, rows of x as they are. */
import { packNibbles, perOutput, signedBytes } from '../coded';
import { bytePlaces } from '../int8/form';
import { bytesVariants } from '../int8-weights/wgsl';
import type { Buffers, Form, PackSource } from '../types';

function pack(source: PackSource): Buffers | undefined {
  const { shape, codes } = source;
  if (!codes || codes.bits < 2 || codes.bits > 4) return undefined;
  const signed = signedBytes(source, 8);
  return signed && { codes: packNibbles(signed.bytes, shape.in, shape.out), ...perOutput(signed) };
}

export const int4: Form = {
  id: 'int4',
  exact: true,
  pack,
  macs: (s) => s.in * s.out,
  scratch: (machine, s, rows) => machine.scratchUnpack(s, rows),
  forward: (machine, s, x, packed, bias, y, rows, relu) =>
    machine.int4Forward(s, x, bytePlaces(packed), bias, y, rows, relu),
  gpu: (s, _packed, call) => bytesVariants(s, call, 4),
};
