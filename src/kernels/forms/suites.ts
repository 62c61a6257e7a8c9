/** The suites of all forms, for the browser's harness. */
import { csrSuite } from './csr/suite';
import type { FormCase } from './testing/suite';
import type { FormId } from './types';

export const formSuites: Partial<Record<FormId, readonly FormCase[]>> = {
  csr: csrSuite,
};
