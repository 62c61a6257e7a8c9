import { checkSuite } from '../testing/check';
import { gatherSuite } from './suite';

checkSuite(gatherSuite);
