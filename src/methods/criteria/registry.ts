/** Every pruning criterion there is: whatever a file in this folder declares to be one. */
import { collected } from './collected';
import type { Criterion } from './types';

/** What a card that names none is pruned by; first in the menu. */
const DEFAULT = 'magnitude';
const all: readonly Criterion[] = collected;
export const criteria: readonly Criterion[] = [
  ...all.filter(({ id }) => id === DEFAULT),
  ...all.filter(({ id }) => id !== DEFAULT),
];
/** Ids, first one the default. */
export const criterionIds = criteria.map((c) => c.id) as readonly string[];
/** The id has passed the parameter table, which lists the same criteria. */
export const criterionById = (id: string): Criterion => criteria.find((c) => c.id === id)!;
