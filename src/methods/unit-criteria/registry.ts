/** Every criterion for units there is: whatever a file in this folder declares to be one. */
import { collected } from './collected';
import type { UnitCriterion } from './types';

/** As they stand in the menu, the default first; one that is not named here comes after these. */
const ORDER = ['l1', 'l2', 'l1-out', 'l2-out', 'gamma', 'apoz', 'taylor', 'random'];
const place = ({ id }: UnitCriterion) => (ORDER.includes(id) ? ORDER.indexOf(id) : ORDER.length);
const all: readonly UnitCriterion[] = collected;
export const unitCriteria = [...all].sort((a, b) => place(a) - place(b));
export const unitCriterionIds = unitCriteria.map((c) => c.id) as readonly string[];
/** The id has passed the parameter table, which lists the same criteria. */
export const unitCriterionById = (id: string): UnitCriterion => unitCriteria.find((c) => c.id === id)!;
