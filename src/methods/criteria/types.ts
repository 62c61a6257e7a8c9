import type { Citation, Masks, NetState, Tensors, WeightLayer } from '../../models/types';
import type { EvidenceKind } from '../evidence';
import type { MethodContext, Work } from '../types';

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
  /** Many of its scores are equal: which of them go is drawn, as it is for all that need data. Absent: by index. */
  drawsTies?: true;
  /** How many images suit it, where that is not the card's own default; the card's slider is set so when it is chosen. */
  images?: number;
  /** Throws WinnowError for a network that it cannot act on; asked before anything is measured. */
  check?(state: NetState): void;
  /** What its scores need and what takes long to work out; `score` finds it done. */
  prepare?(state: NetState, context: ScoreContext): Work<void>;
  /** Same length as the kernel; every survivor's score must be finite. Must not change the state. */
  score(state: NetState, layer: WeightLayer, context: ScoreContext): Float32Array;
  /**
   * The same, weight by weight and as the formula reads, in double precision; the contract suite holds `score` against
   * it. Absent only where the score is no formula (a draw).
   */
  reference?(state: NetState, layer: WeightLayer, context: ScoreContext): readonly number[];
  /**
   * Changes what remains to make up for what went, in the whole network: asked once, when all masks are chosen.
   * @param state as it was scored: nothing that goes now is zero yet
   * @param kept 1 = stays, by kernel name; never more than `state.masks`; absent where nothing has ever been pruned
   * @returns tensors to replace, by name: kernels, exactly zero where `kept` is 0, and biases
   */
  compensate?(state: NetState, kept: Masks, context: ScoreContext): Work<Tensors>;
}
