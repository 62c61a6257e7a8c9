import { checkSuite } from '../testing/check';
import { batchNormSuite } from './suite';

checkSuite(batchNormSuite);
