/** N:M sparsity as an executable form. */
import type { Buffers, Form } from '../types';
import { type GroupSize, LANES, type NmPlaces, type Pattern, quadsOf, slotsOf } from './contract';
import { packNm } from './pack';
import { nmVariants } from './wgsl';

export const patternOf = ({ pattern }: Buffers): Pattern => ({ n: pattern[0], m: pattern[1] as GroupSize });

export const nm: Form = {
  id: 'nm',
  exact: true,
  pack: packNm,
  /** Empty slots and the lanes that fill up the last vector are multiplied, too. */
  macs: (s, packed) => quadsOf(s.out) * slotsOf(s.in, patternOf(packed)) * LANES,
  scratch: (machine, s) => machine.scratchNm(s),
  forward: (machine, s, x, packed, bias, y, rows, relu) =>
    machine.nmForward(s, x, packed as unknown as NmPlaces, bias, y, rows, relu),
  gpu: (s, packed, call) => nmVariants(s, patternOf(packed), call),
};
