/** Fields of a row as columns of a file, in the order of the type. */
import type { Row } from './types';

export const ROW_FIELDS = [
  'exp',
  'replicate',
  'arm',
  'at',
  'step',
  'metric',
  'layer',
  'value',
  'unit',
  'basis',
  'device',
] as const satisfies readonly (keyof Row)[];
