/** 4x1 blocks as an executable form. */
import type { Buffers, Form } from '../types';
import { BLOCK4, type Block4Places, groupsOf } from './contract';
import { packBlock4 } from './pack';
import { block4Variants } from './wgsl';

/** Blocks that are kept. */
export const blocksIn = (out: number, { starts }: Buffers): number => starts[groupsOf(out)];

export const block4: Form = {
  id: 'block4',
  exact: true,
  pack: packBlock4,
  /** The zeros that fill a block up are multiplied, too. */
  macs: (s, packed) => blocksIn(s.out, packed) * BLOCK4,
  scratch: (machine, s) => machine.scratchBlock4(s),
  forward: (machine, s, x, packed, bias, y, rows, relu) =>
    machine.block4Forward(s, x, packed as unknown as Block4Places, bias, y, rows, relu),
  gpu: block4Variants,
};
