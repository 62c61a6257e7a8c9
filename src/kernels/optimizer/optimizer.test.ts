import { checkSuite } from '../testing/check';
import { optimizerSuite } from './suite';

checkSuite(optimizerSuite);
