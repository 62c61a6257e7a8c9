import { checkSuite } from '../testing/check';
import { convSuite } from './suite';

checkSuite(convSuite);
