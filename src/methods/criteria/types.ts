import type { Citation, NetState, WeightLayer } from '../../models/types';
import type { EvidenceKind } from '../evidence';
import type { MethodContext } from '../types';

/** What a criterion may ask for while it scores. */
export interface ScoreContext extends Pick<MethodContext, 'uniform' | 'evidence'> {
  /** Images behind each piece of evidence. */
  readonly images: number;
}
/** A score per weight: the lowest are pruned first. Which and how many is `select.ts`'s business. */
export interface Criterion {
  id: string;
  /** Name in the menu, and one sentence on what it ranks by. */
  words: Readonly<Record<'en' | 'zh', { name: string; about: string }>>;
  /** KaTeX source of the score. */
  formula: string;
  citations: readonly Citation[];
  /** What it must know from data; absent: nothing, the weights are enough. */
  needs?: readonly EvidenceKind[];
  /** Same length as the kernel; every survivor's score must be finite. Must not change the state. */
  score(state: NetState, layer: WeightLayer, context: ScoreContext): Float32Array;
  /**
   * Changes what remains to make up for what went.
   * @param kept 1 = stays; entries with 0 are zero in what is returned
   * @returns tensors to replace, by name; the layer's kernel, maybe its bias
   */
  compensate?(
    state: NetState,
    layer: WeightLayer,
    kept: Uint8Array,
    context: ScoreContext,
  ): Readonly<Record<string, Float32Array>>;
}
