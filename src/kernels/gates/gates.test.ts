import { checkSuite } from '../testing/check';
import { gateSuite } from './suite';

checkSuite(gateSuite);
