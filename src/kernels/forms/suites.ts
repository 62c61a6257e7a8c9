/** The suites of all forms, for the browser's harness. */
import { block4Suite } from './block4/suite';
import { csrSuite } from './csr/suite';
import { nmSuite } from './nm/suite';
import type { FormCase } from './testing/suite';
import type { FormId } from './types';

export const formSuites: Partial<Record<FormId, readonly FormCase[]>> = {
  csr: csrSuite,
  block4: block4Suite,
  nm: nmSuite,
};
