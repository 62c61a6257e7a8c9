import { checkSuite } from '../testing/check';
import { addSuite } from './suite';

checkSuite(addSuite);
