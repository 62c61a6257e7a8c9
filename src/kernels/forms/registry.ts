/** All executable forms, in the order in which they are offered. */
import { block4 } from './block4/form';
import { csr } from './csr/form';
import { nm } from './nm/form';
import type { Form } from './types';

export const forms: readonly Form[] = [csr, block4, nm];
