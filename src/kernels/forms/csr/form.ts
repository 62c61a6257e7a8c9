/** The nonzeros and their indices: for scattered zeros, most of the kernel. */
import type { Buffers, Form } from '../types';
import type { CsrPlaces } from './contract';
import { packCsr } from './pack';
import { csrVariants } from './wgsl';

/** Of the lists, by slot. */
const lengthsOf = ({ slots }: Buffers): Uint32Array => (slots as Uint32Array).filter((_, i) => i % 2 === 1);

export const csr: Form = {
  id: 'csr',
  exact: true,
  pack: ({ shape, values }) => packCsr(shape, values),
  macs: (_s, packed) => lengthsOf(packed).reduce((sum, n) => sum + n, 0),
  scratch: (machine, s) => machine.scratchCsr(s),
  forward: (machine, s, x, packed, bias, y, rows, relu) =>
    machine.csrForward(s, x, packed as unknown as CsrPlaces, bias, y, rows, relu),
  gpu: csrVariants,
};
