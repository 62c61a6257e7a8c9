import { kernelName, kernelSize, originalName, outputLayer, weightLayers } from '../models/build';
import type { Arch, Masks, Tensors, WeightLayer } from '../models/types';
import type { ParamTable } from '../spec/params';
import type { PruningSchedule } from './regime';
import { smallestOf, survivors } from './select';
import { trainParams } from './train';
import { defineTraining } from './types';

const params = {
  ...trainParams,
  sparsity: {
    kind: 'number',
    label: 'Final sparsity',
    default: 0.9,
    min: 0,
    max: 0.999,
    step: 0.001,
    unit: 'fraction',
    scale: 'tail',
  },
  initial: {
    kind: 'number',
    label: 'Initial sparsity',
    default: 0,
    min: 0,
    max: 0.999,
    step: 0.001,
    unit: 'fraction',
    advanced: true,
  },
  begin: {
    kind: 'number',
    label: 'Pruning begins at',
    default: 0.1,
    min: 0,
    max: 0.9,
    step: 0.01,
    unit: 'fraction',
  },
  end: {
    kind: 'number',
    label: 'Pruning ends at',
    default: 0.7,
    min: 0.05,
    max: 0.95,
    step: 0.01,
    unit: 'fraction',
  },
  every: {
    kind: 'number',
    label: 'Prune every',
    default: 50,
    min: 1,
    max: 10_000,
    step: 1,
    integer: true,
    unit: 'steps',
    advanced: true,
  },
  scope: { kind: 'choice', label: 'Scope', default: 'layer', options: ['layer', 'global'] },
  outputHalf: { kind: 'flag', label: 'Output layer at half rate', default: true },
  layers: { kind: 'layers', label: 'Layers', default: [], advanced: true },
} as const satisfies ParamTable;

/**
 * Prunes the smallest weights while it trains, most of them early, when there are many to spare: sparsity rises as a
 * cubic from `initial` to `sparsity`, between two shares of the steps. The final sparsity is reached at exactly the
 * end of that part, so that what follows trains at it. Pruned weights stay pruned: zero in value, gradient and what
 * the optimizer remembers.
 *
 * The trap: masks are chosen by rank, exactly round(s n) of each layer's n weights in all, and not of those that are
 * left, so that sparsity is what the schedule says at every pruning. Layers that are sparser already stay as they are.
 */
export const gradual = defineTraining({
  id: 'gradual',
  kind: 'topology',
  live: false,
  params,
  formula:
    's_t = s_f + (s_i - s_f)\\left(1 - \\frac{t - t_0}{n\\,\\Delta t}\\right)^{3},\\quad t = t_0,\\, t_0 + \\Delta t,\\, \\dots,\\, t_0 + n\\,\\Delta t',
  citations: [
    {
      text: 'Zhu, Gupta: To prune, or not to prune: exploring the efficacy of pruning for model compression (2017)',
      url: 'https://arxiv.org/abs/1710.01878',
    },
  ],
  regime: ({ steps, sparsity, initial, begin, end, every, scope, outputHalf, layers }) => {
    const last = Math.min(steps - 1, Math.round(end * steps));
    const first = Math.min(last, Math.round(begin * steps));
    return {
      schedule: { from: initial, to: sparsity, begin: first, end: last, every, scope, outputHalf, layers },
    };
  },
});

/** The steps after which weights are pruned, `begin` and `end` among them, about `every` apart. */
export function pruningSteps({ begin, end, every }: PruningSchedule): number[] {
  const n = Math.max(1, Math.floor((end - begin) / every));
  const steps = Array.from({ length: n + 1 }, (_, k) => begin + Math.round((k * (end - begin)) / n));
  return [...new Set(steps)];
}

/** Sparsity wanted after `step` steps; the initial one before the schedule begins. */
export function sparsityAt({ from, to, begin, end }: PruningSchedule, step: number): number {
  if (step >= end) return to;
  const left = 1 - (Math.max(step, begin) - begin) / (end - begin);
  return to + (from - to) * left ** 3;
}

/**
 * Masks after `step` steps: of every group of layers exactly round(s n) weights are gone, the smallest of those that
 * were left, ties by index. Never fewer than before.
 * @throws WinnowError where a weight is not finite
 */
export function gradualMasks(
  arch: Arch,
  tensors: Tensors,
  masks: Masks,
  schedule: PruningSchedule,
  step: number,
): Masks {
  const next: Record<string, Uint8Array> = {};
  for (const { layers, share } of groupsOf(arch, schedule)) {
    const parts = layers.map((layer) => ({
      scores: tensors[kernelName(layer)].map(Math.abs),
      mask: masks[kernelName(layer)],
    }));
    const all = layers.reduce((sum, layer) => sum + kernelSize(layer), 0);
    const left = parts.reduce((sum, { scores, mask }) => sum + survivors(mask, scores.length), 0);
    const k = Math.round(share * sparsityAt(schedule, step) * all) - (all - left);
    if (k <= 0) continue;
    smallestOf(parts, k).forEach((mask, i) => {
      next[kernelName(layers[i])] = mask;
    });
  }
  return Object.keys(next).length === 0 ? masks : { ...masks, ...next };
}

/** Layers that are ranked together, and which share of the sparsity is theirs. */
function groupsOf(arch: Arch, { scope, outputHalf, layers: names }: PruningSchedule) {
  const layers = weightLayers(arch).filter(({ name }) => names.length === 0 || names.includes(name));
  const shareOf = ({ name }: WeightLayer) =>
    outputHalf && originalName(name) === outputLayer(arch) ? 0.5 : 1;
  const alone = (list: WeightLayer[]) => list.map((layer) => ({ layers: [layer], share: shareOf(layer) }));
  if (scope === 'layer') return alone(layers);
  const together = layers.filter((layer) => shareOf(layer) === 1);
  return [{ layers: together, share: 1 }, ...alone(layers.filter((layer) => shareOf(layer) < 1))];
}
