import { checkSuite } from '../testing/check';
import { avgPoolSuite } from './suite';

checkSuite(avgPoolSuite);
