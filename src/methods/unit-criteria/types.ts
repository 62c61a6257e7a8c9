import type { UnitGroup } from '../../models/groups';
import type { Citation, NetState } from '../../models/types';
import type { ScoreContext } from '../criteria/types';
import type { EvidenceKind } from '../evidence';

/**
 * Scores for whole units (neurons, filters): the lowest are removed first. A group of coupled units
 * (models/groups.ts) has several layers with something to say about each unit; `combine.ts` makes one score of it.
 */
export interface UnitCriterion {
  id: string;
  /** Name in the menu, and one sentence on what it ranks by. */
  words: Readonly<Record<'en' | 'zh', { name: string; about: string }>>;
  /** KaTeX source of one layer's score of unit j. */
  formula: string;
  citations: readonly Citation[];
  /** What it must know from data; absent: nothing, the weights are enough. */
  needs?: readonly EvidenceKind[];
  /** True where scores of different layers compare as they are; else each layer's are divided by their mean. */
  absolute?: true;
  /** Throws WinnowError for a group that it cannot score; asked before anything is measured. */
  check?(group: UnitGroup): void;
  /** One list per layer that has something to say, each as long as the group has units; finite, and 0 or more. */
  score(state: NetState, group: UnitGroup, context: ScoreContext): readonly Float32Array[];
}
