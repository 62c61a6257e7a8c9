/** Cases of bitmap/contract.ts. */
import { formSuite } from '../testing/suite';
import { bitmap } from './form';

export const bitmapSuite = formSuite(bitmap, 'bitmapForward');
