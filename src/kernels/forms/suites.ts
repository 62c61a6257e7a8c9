/** The suites of all forms, for the browser's harness. */

import { bitmapSuite } from './bitmap/suite';
import { block4Suite } from './block4/suite';
import { codebookSuite } from './codebook/suite';
import { csrSuite } from './csr/suite';
import { int4Suite } from './int4/suite';
import { int8GpuSuite } from './int8/suite';
import { int8WeightsSuite } from './int8-weights/suite';
import { nmSuite } from './nm/suite';
import type { FormCase } from './testing/suite';
import type { FormId } from './types';
import { xnorSuite } from './xnor/suite';

/** WGSL may flush the smallest numbers to zero. */
const portable = (suite: readonly FormCase[]): FormCase[] =>
  suite.filter(({ label }) => !/x tiny$/.test(label));

export const formSuites: Partial<Record<FormId, readonly FormCase[]>> = {
  csr: csrSuite,
  bitmap: bitmapSuite,
  block4: block4Suite,
  nm: nmSuite,
  int8: int8GpuSuite,
  'int8-weights': portable(int8WeightsSuite),
  int4: portable(int4Suite),
  codebook: codebookSuite,
  xnor: xnorSuite,
};
