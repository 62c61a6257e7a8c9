/** int8-weights: weights as bytes, rows of x as they are. */
import { bytePlaces, packBytes } from '../int8/form';
import type { Form } from '../types';
import { bytesVariants } from './wgsl';

export const int8Weights: Form = {
  id: 'int8-weights',
  exact: true,
  // One bit has forms of its own.
  pack: (source) => (source.codes && source.codes.bits > 1 ? packBytes(source) : undefined),
  macs: (s) => s.in * s.out,
  scratch: (machine, s, rows) => machine.scratchUnpack(s, rows),
  forward: (machine, s, x, packed, bias, y, rows, relu) =>
    machine.int8WeightsForward(s, x, bytePlaces(packed), bias, y, rows, relu),
  gpu: (s, _packed, call) => bytesVariants(s, call, 8),
};
