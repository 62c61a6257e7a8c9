/** Cases of ../int8-weights/contract.ts for weights of 2 to 4 bits. */
import { codedSources, spreadSuite } from '../testing/coded';
import { type FormCase, formSuite } from '../testing/suite';
import { int4 } from './form';

export const int4Suite: readonly FormCase[] = [
  ...formSuite(int4, 'int4Forward', { sources: codedSources([2, 4]), tolerance: 1e-5 }),
  ...spreadSuite(int4, 'int4Forward', 4),
];
