import { groupsOf } from '../models/groups';
import type { KeptUnits } from '../models/kept-units';
import { rebuildState } from '../models/rebuild';
import type { NetState } from '../models/types';
import { type Idle, idleUnits } from './idle-units';
import { defineMethod } from './types';

/**
 * Removes the units that no longer matter, and rebuilds the network without them: those that nobody reads, and those
 * that read nothing. With them go weights that made or read others, so that it is done again until nothing changes.
 * One unit of each group stays. The answers are the same.
 *
 * Traps: a unit that reads nothing still gives the constant of its bias. That goes into the biases of its readers where
 * this is exact (dense layers, convolutions without padding); elsewhere the unit stays. Kernels that are quantized get no
 * other scales: a unit whose weights are part of a range stays too. Unstructured pruning leaves few such units until
 * almost nothing is left.
 */
export const compact = defineMethod({
  id: 'compact',
  kind: 'topology',
  live: true,
  params: {},
  formula:
    '\\begin{aligned} &W^{+}_{j,:} = 0 \\;\\Rightarrow\\; \\text{drop } j\\\\ &W_{:,j} = 0 \\;\\Rightarrow\\; b^{+} \\leftarrow b^{+} + W^{+\\top}_{j,:}\\,\\sigma(b_j),\\quad \\text{drop } j \\end{aligned}',
  citations: [
    {
      text: 'Evci, Gale, Menick, Castro, Elsen: Rigging the lottery: making all tickets winners (appendix B). ICML (2020)',
      url: 'https://arxiv.org/abs/1911.11134',
    },
  ],
  apply(state, _, { note }) {
    let next = state;
    let folded = 0;
    for (;;) {
      const idle = idleUnits(next);
      if (idle.every(({ units }) => units.length === 0)) {
        const stuck = idle.reduce((n, i) => n + i.stuck, 0);
        const removed = unitsOf(state) - unitsOf(next);
        note({ code: 'compacted', values: { removed, of: unitsOf(state), folded } });
        if (stuck > 0) note({ code: 'compactStuck', values: { stuck } });
        return next;
      }
      folded += idle.reduce((n, i) => n + i.folded, 0);
      next = rebuildState(withBiases(next, idle), keptOf(idle));
    }
  },
});

const unitsOf = ({ arch }: NetState): number => groupsOf(arch).groups.reduce((n, { units }) => n + units, 0);

const keptOf = (idle: readonly Idle[]): KeptUnits =>
  Object.fromEntries(
    idle.map(({ group, units }) => {
      const gone = new Set(units);
      return [group.id, Array.from({ length: group.units }, (_, j) => j).filter((j) => !gone.has(j))];
    }),
  );

function withBiases(state: NetState, idle: readonly Idle[]): NetState {
  const tensors = { ...state.tensors };
  for (const { biases } of idle)
    for (const [name, added] of biases) tensors[name] = tensors[name].map((b, o) => b + added[o]);
  return { ...state, tensors };
}
