/** The nonzeros and their indices: for scattered zeros, most of the kernel. */
import type { Form } from '../types';
import type { CsrPlaces } from './contract';
import { packCsr } from './pack';
import { csrVariants } from './wgsl';

export const csr: Form = {
  id: 'csr',
  exact: true,
  pack: ({ shape, values }) => packCsr(shape, values),
  // Slots that have run out are multiplied all the same.
  macs: (_s, packed) => packed.values.length,
  scratch: (machine, s) => machine.scratchCsr(s),
  forward: (machine, s, x, packed, bias, y, rows, relu) =>
    machine.csrForward(s, x, packed as unknown as CsrPlaces, bias, y, rows, relu),
  gpu: csrVariants,
};
