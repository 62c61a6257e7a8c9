/** All executable forms, in the order in which they are offered. */
import type { Form } from './types';

export const forms: readonly Form[] = [];
