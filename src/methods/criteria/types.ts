import type { Citation, NetState, WeightLayer } from '../../models/types';

/** A score per weight: the lowest are pruned first. Which and how many is `select.ts`'s business. */
export interface Criterion {
  id: string;
  /** KaTeX source of the score. */
  formula: string;
  citations: readonly Citation[];
  /** Same length as the kernel; every survivor's score must be finite. Must not change the state. */
  score(state: NetState, layer: WeightLayer): Float32Array;
}
