/** The units of a network, group by group, beside those it began with. */
import { maskedUnits } from '../models/alive';
import { originalName } from '../models/build';
import { groupsOf, isRank } from '../models/groups';
import type { Arch, NetState } from '../models/types';
import type { GroupFacts } from './types';

/** @param before the network that nothing has been taken from; groups are matched by the names of their producers */
export function groupFacts(before: Arch, state: NetState): GroupFacts[] {
  const units = new Map(
    groupsOf(before).groups.flatMap((g) => g.producers.map((name) => [originalName(name), g.units])),
  );
  return groupsOf(state.arch).groups.map((group) => {
    const gone = maskedUnits(state, group);
    const alive = gone.reduce((n, g) => n + (g === 1 ? 0 : 1), 0);
    // The rank of two thin layers is nothing that the first network had.
    const had = isRank(group) ? undefined : units.get(originalName(group.id));
    return { ...group, before: had ?? group.units, alive };
  });
}
