/** Every pruning criterion there is. A new one is a file beside this and a line here. */
import { magnitude } from './magnitude';
import type { Criterion } from './types';

export const criteria: readonly Criterion[] = [magnitude];
/** Ids, first one the default. */
export const criterionIds = criteria.map((c) => c.id) as readonly string[];
/** The id has passed the parameter table, which lists the same criteria. */
export const criterionById = (id: string): Criterion => criteria.find((c) => c.id === id)!;
