/** One bit per weight and the values: for kernels of which a half or a third is kept. */
import type { Form } from '../types';
import type { BitmapPlaces } from './contract';
import { packBitmap } from './pack';
import { bitmapVariants } from './wgsl';

/** Lists of 16-bit indices, one of which stands for none, are made on the way. */
const MOST_INPUTS = 65535;

export const bitmap: Form = {
  id: 'bitmap',
  exact: true,
  pack: ({ shape, values }) => (shape.in > MOST_INPUTS ? undefined : packBitmap(shape, values)),
  macs: (_s, packed) => packed.values.length,
  scratch: (machine, s, rows) => machine.scratchBitmap(s, rows),
  forward: (machine, s, x, packed, bias, y, rows, relu) =>
    machine.bitmapForward(s, x, packed as unknown as BitmapPlaces, bias, y, rows, relu),
  gpu: bitmapVariants,
};
