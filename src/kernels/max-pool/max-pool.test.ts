import { checkSuite } from '../testing/check';
import { maxPoolSuite } from './suite';

checkSuite(maxPoolSuite);
