/** Lists of units that stay: checked, sorted, found again by group. */
import { WinnowError } from '../spec/problem';
import { groupsOf, shrinkable, type UnitGroup } from './groups';
import type { Arch } from './types';

/** Indices of the units that stay, by id of a group (models/groups.ts), in any order; absent: all. */
export type KeptUnits = Readonly<Record<string, readonly number[]>>;

/**
 * Sorted lists of the groups that do shrink.
 * @throws WinnowError `rebuild.*` for what is no group's id, a group that is fixed, an empty list, an index that is no
 * unit or comes twice
 */
export function checkKept(arch: Arch, kept: KeptUnits): Map<string, readonly number[]> {
  const left = new Map<string, readonly number[]>();
  for (const [id, units] of Object.entries(kept)) {
    const group = requireGroup(arch, id, `kept.${id}`);
    checkUnits(id, units, group.units);
    if (units.length === group.units) continue;
    if (group.fixed) throw refuse(arch, id, `kept.${id}`, group.fixed);
    left.set(
      id,
      [...units].sort((a, b) => a - b),
    );
  }
  return left;
}

/** @throws WinnowError `rebuild.layer`, or `rebuild.coupled` for another member of a group */
export function requireGroup(arch: Arch, id: string, path: string): UnitGroup {
  const { groups, of } = groupsOf(arch);
  const group = groups.find((g) => g.id === id);
  if (group) return group;
  const other = of(id);
  throw refuse(arch, id, path, other?.producers.includes(id) ? 'coupled' : 'layer', other?.id);
}
/** The same, of a group that can lose units. @throws WinnowError `rebuild.*` */
export function requireShrinkable(arch: Arch, id: string, path: string): UnitGroup {
  const group = requireGroup(arch, id, path);
  if (group.fixed) throw refuse(arch, id, path, group.fixed);
  return group;
}

function checkUnits(name: string, units: readonly number[], count: number): void {
  const wrong = (code: string, message: string, found = '') =>
    new WinnowError({ code, path: `kept.${name}`, message, values: { name, max: count - 1, found } });
  const allowed = `whole numbers in [0, ${count - 1}], each once`;
  if (units.length === 0) throw wrong('rebuild.empty', `must name at least one unit, ${allowed}, got none`);
  const seen = new Set<number>();
  for (const unit of units) {
    if (!Number.isInteger(unit) || unit < 0 || unit >= count)
      throw wrong('rebuild.range', `units are ${allowed}, got ${unit}`, String(unit));
    if (seen.has(unit)) throw wrong('rebuild.twice', `units are ${allowed}, got ${unit} twice`, String(unit));
    seen.add(unit);
  }
}

type Why = 'layer' | 'coupled' | NonNullable<UnitGroup['fixed']>;

function refuse(arch: Arch, name: string, path: string, why: Why, group = ''): WinnowError {
  const allowed =
    shrinkable(arch)
      .map(({ id }) => id)
      .join(', ') || '-';
  const reason = {
    layer: `${name} is no dense layer or convolution`,
    coupled: `the units of ${name} go together with those of ${group}: name ${group} instead`,
    image: `${name} is added to the image, whose channels are given`,
    logits: `${name} gives the logits, one for each class`,
  }[why];
  return new WinnowError({
    code: `rebuild.${why}`,
    path,
    message: `${reason}; groups that can shrink: ${allowed}`,
    values: { name, group, allowed },
  });
}
