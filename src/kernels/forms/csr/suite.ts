/** Cases of csr/contract.ts. */
import { formSuite } from '../testing/suite';
import { csr } from './form';

export const csrSuite = formSuite(csr, 'csrForward');
