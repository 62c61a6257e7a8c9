import { maskedUnits } from '../models/alive';
import { isRank, shrinkable, type UnitGroup } from '../models/groups';
import { type KeptUnits, requireShrinkable } from '../models/kept-units';
import { maskUnits } from '../models/mask-units';
import { rebuildState } from '../models/rebuild';
import type { NetState } from '../models/types';
import type { ParamTable, ValuesOf } from '../spec/params';
import { pruneCount, type Scored, smallestWithin, survivors } from './select';
import { defineMethod, type MethodContext } from './types';
import { combine } from './unit-criteria/combine';
import { unitCriteria, unitCriterionById, unitCriterionIds } from './unit-criteria/registry';

const params = {
  fraction: {
    kind: 'number',
    label: 'Units removed',
    default: 0.5,
    min: 0,
    max: 1,
    step: 0.01,
    unit: 'fraction',
  },
  scope: { kind: 'choice', label: 'Scope', default: 'layer', options: ['layer', 'global'] },
  criterion: { kind: 'choice', label: 'Criterion', default: 'l1', options: unitCriterionIds },
  rebuild: { kind: 'flag', label: 'Rebuild smaller', default: true },
  layers: {
    kind: 'perLayer',
    label: 'Units removed per group',
    default: {},
    of: 'fraction',
    advanced: true,
  },
  images: {
    kind: 'number',
    label: 'Images behind the score',
    default: 1000,
    min: 10,
    max: 10_000,
    step: 10,
    integer: true,
    unit: 'images',
    when: { criterion: unitCriteria.filter((c) => c.needs).map((c) => c.id) },
    advanced: true,
  },
} as const satisfies ParamTable;
type Values = ValuesOf<typeof params>;

/**
 * Removes exactly round(p * n) of the n units (neurons, filters) of each group, lowest score first, ties by index; one
 * unit stays in any case. Units that a sum couples go together, with one score from all layers that make them.
 *
 * Global: groups are ranked together. Groups with a rate of their own, named in `layers` by their first layer, leave that
 * ranking. The rank of a factorized layer is not touched unless it is named there. Units masked earlier count as gone.
 *
 * `rebuild` takes the units out, and what is left is a smaller dense network. Without it they are masked, which gives the
 * same answers and saves no time at all: that is the trap. Flattened images are cut in NHWC order, (y * W + x) * C + k.
 */
export const pruneUnits = defineMethod({
  id: 'prune-units',
  kind: 'criterion',
  live: true,
  params,
  slider: 'fraction',
  neutral: { fraction: 0 },
  formula:
    '\\begin{aligned} &\\text{drop the } k = \\mathrm{round}(p\\,n_g) \\text{ units of lowest } s_j:\\quad s_j = \\tfrac{1}{|P_g|}\\textstyle\\sum_{\\ell \\in P_g} s^{\\ell}_j \\big/ \\overline{s^{\\ell}},\\quad s^{\\ell}_j = \\textstyle\\sum_i |W^{\\ell}_{ij}|\\\\ &W^{\\ell} \\leftarrow W^{\\ell}_{:,K},\\quad b^{\\ell} \\leftarrow b^{\\ell}_K,\\quad W^{\\ell+1} \\leftarrow W^{\\ell+1}_{K,:} \\end{aligned}',
  citations: [
    {
      text: 'Li, Kadav, Durdanovic, Samet, Graf: Pruning filters for efficient ConvNets. ICLR (2017)',
      url: 'https://arxiv.org/abs/1608.08710',
    },
    {
      text: 'Fang, Ma, Song, Mi, Wang: DepGraph: towards any structural pruning. CVPR (2023)',
      url: 'https://arxiv.org/abs/2301.12900',
    },
  ],
  needs(state, values) {
    const { check, needs = [] } = unitCriterionById(values.criterion);
    for (const { group } of targets(state, values)) check?.(group);
    return needs.map((kind) => ({ kind, images: values.images }));
  },
  apply(state, values, context) {
    const all = targets(state, values);
    const asked = { ...context, images: values.images };
    const { check, score, absolute = false } = unitCriterionById(values.criterion);
    const scored = all.map(({ group, rate, alone }) => {
      check?.(group);
      const gone = maskedUnits(state, group);
      const scores = combine(score(state, group, asked), gone, absolute);
      return { group, rate, alone, scores, mask: gone.map((g) => 1 - g) };
    });
    const races =
      values.scope === 'layer'
        ? scored.map((s) => [s])
        : [scored.filter((s) => !s.alone), ...scored.filter((s) => s.alone).map((s) => [s])];
    const kept: KeptUnits = Object.assign({}, ...races.map((race) => choose(race, context)));
    if (Object.keys(kept).length === 0) return state;
    if (values.rebuild) return rebuildState(state, kept);
    const of = scored.reduce((n, { group }) => n + group.units, 0);
    const left = scored.reduce(
      (n, { group, mask }) => n + (kept[group.id]?.length ?? survivors(mask, group.units)),
      0,
    );
    context.note({ code: 'unitsMasked', values: { removed: of - left, of } });
    return maskUnits(state, kept);
  },
});

interface Target {
  group: UnitGroup;
  rate: number;
  /** It has a rate of its own. */
  alone: boolean;
}
/** @throws WinnowError `rebuild.*` for a rate of what is no group, or of one that cannot shrink */
function targets({ arch }: NetState, { layers, fraction }: Values): Target[] {
  for (const name of Object.keys(layers)) requireShrinkable(arch, name, `with.layers.${name}`);
  return shrinkable(arch).flatMap((group): Target[] => {
    if (Object.hasOwn(layers, group.id)) return [{ group, rate: layers[group.id], alone: true }];
    return isRank(group) ? [] : [{ group, rate: fraction, alone: false }];
  });
}

/** Units that stay, by group, of groups that are ranked together; none where the rate takes nothing. */
function choose(race: readonly (Target & Scored)[], { note }: MethodContext): KeptUnits {
  if (race.length === 0) return {};
  const count = race.map(({ mask, scores }) => survivors(mask, scores.length));
  const n = count.reduce((a, b) => a + b, 0);
  const wanted = pruneCount(race[0].rate, n);
  // Also for k = 0, so that a network that has diverged is refused at every position of the slider.
  const { kept, capped } = smallestWithin(
    race,
    wanted,
    count.map((c) => Math.max(0, c - 1)),
  );
  if (wanted === 0) return {};
  if (capped.length > 0) {
    note({ code: 'unitsFloor', values: { groups: capped.map((i) => race[i].group.id).join(', ') } });
  }
  const lists = race.map(({ group }, i) => [group.id, [...kept[i].keys()].filter((j) => kept[i][j] === 1)]);
  // A group whose units were all masked before has nothing to lose.
  return Object.fromEntries(lists.filter(([, units]) => units.length > 0));
}
