import { checkSuite } from '../testing/check';
import { denseSuite } from './suite';

checkSuite(denseSuite);
