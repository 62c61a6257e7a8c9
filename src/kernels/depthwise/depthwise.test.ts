import { checkSuite } from '../testing/check';
import { depthwiseSuite } from './suite';

checkSuite(depthwiseSuite);
