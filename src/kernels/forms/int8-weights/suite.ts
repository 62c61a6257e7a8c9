/** Cases of contract.ts for weights of 8 bits. */
import { codedSources, spreadSuite } from '../testing/coded';
import { type FormCase, formSuite } from '../testing/suite';
import { int8Weights } from './form';

export const int8WeightsSuite: readonly FormCase[] = [
  ...formSuite(int8Weights, 'int8WeightsForward', { sources: codedSources([3, 8]), tolerance: 1e-5 }),
  ...spreadSuite(int8Weights, 'int8WeightsForward', 8),
];
