/** All executable forms, in the order in which they are offered. */
import { csr } from './csr/form';
import type { Form } from './types';

export const forms: readonly Form[] = [csr];
