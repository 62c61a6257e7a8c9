import { checkSuite } from '../testing/check';
import { softmaxLossSuite } from './suite';

checkSuite(softmaxLossSuite);
