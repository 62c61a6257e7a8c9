import { describe } from 'vitest';
import { checkSuite } from '../../testing/check';
import { int8Suite } from './suite';

describe('int8', () => {
  checkSuite(int8Suite);
});
