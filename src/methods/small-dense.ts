import { kernelName, kernelSize, weightCount, weightLayers } from '../models/build';
import { shrinkable } from '../models/groups';
import { unheld } from '../models/held';
import { type KeptUnits, rebuild } from '../models/rebuild';
import type { Arch, NetState } from '../models/types';
import type { ParamTable } from '../spec/params';
import { survivors } from './select';
import { defineMethod } from './types';

const params = {
  draw: { kind: 'number', label: 'Draw', default: 0, min: 0, max: 99, step: 1, integer: true, unit: 'none' },
} as const satisfies ParamTable;

/**
 * A control of every sparse network: a dense one of equal size. All hidden widths are multiplied by one factor, rounded
 * down, one unit at least; the factor is the greatest with which there are no more weights than were left. Weights are
 * drawn anew for the narrow layers, biases zero; that is this network's start. Nothing is masked or quantized in it.
 * Where nothing is pruned nothing happens.
 *
 * Trap: equal weights are not equal work, nor equal bytes: a sparse network also has to store where its weights are.
 */
export const smallDense = defineMethod({
  id: 'small-dense',
  kind: 'start',
  live: true,
  revives: true,
  params,
  formula:
    'h_\\ell^{\\prime} = \\max(1, \\lfloor \\alpha h_\\ell \\rfloor),\\quad \\alpha = \\max\\left\\{ \\alpha : \\textstyle\\sum_\\ell |W_\\ell^{\\prime}| \\le \\sum_\\ell \\|m_\\ell\\|_0 \\right\\}',
  citations: [
    {
      text: 'Liu, Sun, Zhou, Huang, Darrell: Rethinking the value of network pruning. ICLR (2019)',
      url: 'https://arxiv.org/abs/1810.05270',
    },
  ],
  apply(given, { draw }, { redraw, note }) {
    const state = unheld(given);
    const before = weightCount(state.arch);
    const left = remaining(state);
    if (left === before) return state;
    const arch = narrowed(state.arch, left);
    const weights = weightCount(arch);
    note({ code: weights > left ? 'smallDenseLeast' : 'smallDense', values: { weights, left } });
    const start = redraw(draw, arch);
    const { final: _, ...rest } = state;
    const removed = (state.removed ?? 0) + before - weights;
    return { ...rest, arch, tensors: start, start, masks: {}, quant: {}, removed };
  },
});

const remaining = ({ arch, masks }: NetState): number =>
  weightLayers(arch).reduce((sum, l) => sum + survivors(masks[kernelName(l)], kernelSize(l)), 0);

/** The network at the greatest factor that leaves no more than `most` weights; the narrowest where none does. */
function narrowed(arch: Arch, most: number): Arch {
  const groups = shrinkable(arch);
  const at = (factor: number): Arch => {
    const width = (units: number) => Math.max(1, Math.floor(factor * units + ROUNDING));
    const kept: KeptUnits = Object.fromEntries(
      groups.map(({ id, units }) => [id, Array.from({ length: width(units) }, (_, i) => i)]),
    );
    return rebuild(arch, { tensors: {}, masks: {}, quant: {} }, kept).arch;
  };
  // Widths change only at these factors.
  const all = groups.flatMap(({ units }) => Array.from({ length: units }, (_, i) => (i + 1) / units));
  const factors = [...new Set(all)].sort((a, b) => a - b);
  // The last that fits: more units never have fewer weights.
  let [low, high] = [0, factors.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (weightCount(at(factors[middle])) <= most) low = middle;
    else high = middle - 1;
  }
  return at(factors[low] ?? 0);
}
/** n times (i / n) may fall just short of i. */
const ROUNDING = 1e-9;
