import { checkSuite } from '../testing/check';
import { maskSuite } from './suite';

checkSuite(maskSuite);
