/** All executable forms, in the order in which they are offered. */
import { bitmap } from './bitmap/form';
import { block4 } from './block4/form';
import { codebook } from './codebook/form';
import { csr } from './csr/form';
import { int4 } from './int4/form';
import { int8 } from './int8/form';
import { int8Weights } from './int8-weights/form';
import { nm } from './nm/form';
import type { Form } from './types';
import { xnor } from './xnor/form';

export const forms: readonly Form[] = [csr, bitmap, block4, nm, int8, int8Weights, int4, codebook, xnor];
