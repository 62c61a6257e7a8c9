import { pruneCount } from '../methods/select';
import { trainParams } from '../methods/train';
import { macs } from '../models/build';
import { isRank, shrinkable } from '../models/groups';
import { rebuild } from '../models/rebuild';
import type { Arch } from '../models/types';
import type { ParamTable, ValuesOf } from '../spec/params';
import type { Step } from '../spec/types';
import { CITED, card, fork, ladderParams, part, pruning, training, trainingParams } from './protocol';
import { defineStudy, type Remark, type StudyPart } from './types';

const arm = (label: string, on = false) => ({ kind: 'flag', label, default: on }) as const;

const params = {
  ...ladderParams,
  ...trainingParams,
  reinit: arm('Random re-initialisation', true),
  draws: {
    ...{ kind: 'number', label: 'Draws a seed', default: 1, min: 1, max: 3, step: 1, integer: true },
    ...{ unit: 'none', when: { reinit: true } },
  },
  shuffle: arm('Shuffled mask'),
  small: arm('Small dense network'),
  late: arm('Late rewinding'),
  rewind: {
    ...{ kind: 'number', label: 'Rewind to step', default: 500, min: 1, max: 60_000, step: 1, integer: true },
    ...{ unit: 'steps', scale: 'log', when: { late: true } },
  },
  finetune: arm('Fine-tuning'),
  tuneRate: {
    ...{ kind: 'number', label: 'Learning rate of fine-tuning, times', default: 0.1, min: 0.01, max: 1 },
    ...{ step: 0.01, unit: 'none', scale: 'log', advanced: true },
  },
  lrRewind: arm('Learning-rate rewinding'),
  oneShot: arm('One-shot pruning'),
  random: arm('Random pruning'),
  scratch: arm('Structured: from scratch'),
  units: {
    ...{ kind: 'number', label: 'Units removed a round', default: 0.2, min: 0.01, max: 0.9, step: 0.01 },
    ...{ unit: 'fraction', when: { scratch: true } },
  },
} as const satisfies ParamTable;
type Values = ValuesOf<typeof params>;

/**
 * Iterative magnitude pruning and everything it is compared with (Frankle and Carbin 2019). Rates are of what is left;
 * weights are pruned by their size at the end of a round, never at early stop. Every arm has the exact counts of the
 * same ladder of sparsities, so that points lie above each other.
 */
export const tickets = defineStudy({
  id: 'tickets',
  params,
  citations: [CITED.frankle, CITED.stable, CITED.renda, CITED.liu],
  against: (name) => (name.startsWith('scratch') ? 'units' : name === 'units' ? undefined : 'ticket'),
  parts(base, values) {
    const { arch } = base;
    const parts = [
      part(base, 'main', mainRecipe(values, arch)),
      values.late && part(base, 'late', lateRecipe(values, arch)),
      values.finetune && part(base, 'finetune', onwards(values, arch, { lr: tunedRate(values) })),
      values.lrRewind && part(base, 'lr-rewind', onwards(values, arch)),
      values.oneShot && part(base, 'one-shot', oneShotRecipe(values, arch)),
      values.random && part(base, 'random', randomRecipe(values, arch)),
      values.scratch && part(base, 'scratch', scratchRecipe(values, arch)),
    ];
    return parts.filter((p): p is StudyPart => p !== false);
  },
  remarks(base, values) {
    const found: Remark[] = [];
    const rewind = lateStep(values);
    if (values.late && rewind < values.rewind) {
      found.push({ code: 'lateRewind', values: { asked: values.rewind, rewind, steps: values.steps } });
    }
    const capped = values.scratch ? scratchRounds(values, base.arch).findIndex((r) => r.capped) : -1;
    if (capped >= 0) found.push({ code: 'scratchCapped', values: { round: capped + 1, steps: MOST_STEPS } });
    return found;
  },
});

/** The same shape as the preset `lottery-minute`, so that what the Lab has trained is not trained again. */
function mainRecipe(values: Values, arch: Arch): Step[] {
  const draws = values.reinit ? values.draws : 0;
  const redrawn = Array.from({ length: draws }, (_, draw): [string, Step[]] => [
    `reinit-${draw + 1}`,
    [card('reinit', draw > 0 ? { draw } : {}), training(values)],
  ]);
  const arms = fork({
    ticket: [card('rewind'), training(values)],
    ...Object.fromEntries(redrawn),
    shuffle: values.shuffle ? [card('shuffle-mask'), card('rewind'), training(values)] : undefined,
    'small-dense': values.small ? [card('small-dense'), training(values)] : undefined,
  });
  return [training(values), { repeat: values.rounds, steps: [pruning(values, arch), arms] }];
}

/** The step to rewind to: something must be left to train. */
const lateStep = ({ rewind, steps }: Values): number => Math.min(rewind, steps - 1);

/** Data order and schedule go on where the weights are rewound to (Frankle et al. 2020). */
function lateRecipe(values: Values, arch: Arch): Step[] {
  const from = lateStep(values);
  const rest = training(values, { from, steps: values.steps - from });
  return [
    training(values, { steps: from, earlyStop: false }),
    card('rewind-point'),
    rest,
    { repeat: values.rounds, steps: [pruning(values, arch), card('rewind'), rest] },
  ];
}

/** The product of two decimals, as a decimal. */
const tunedRate = ({ lr, tuneRate }: Values): number =>
  Math.max(trainParams.lr.min, Number((lr * tuneRate).toPrecision(6)));

/** Weights are never rewound: each round goes on from where the one before ended (Renda et al. 2020). */
const onwards = (values: Values, arch: Arch, more = {}): Step[] => [
  training(values),
  { repeat: values.rounds, steps: [pruning(values, arch), training(values, more)] },
];

/**
 * The ladder is pruned without training in between: a fifth of the survivors of the same trained weights, again and
 * again, is one-shot pruning to the compound rate, with the ladder's exact counts.
 */
function oneShotRecipe(values: Values, arch: Arch): Step[] {
  const arms = fork({ base: [], 'one-shot': [card('rewind'), training(values)] });
  return [training(values), { repeat: values.rounds, steps: [pruning(values, arch), arms] }];
}

/** Random masks at the ladder's layer densities, from the start; nothing is rewound, because nothing was trained. */
function randomRecipe(values: Values, arch: Arch): Step[] {
  const arms = fork({ base: [], random: [training(values)] });
  const prune = pruning(values, arch, { criterion: 'random' });
  return [{ repeat: values.rounds, steps: [prune, arms] }];
}

const MOST_STEPS = trainParams.steps.max;

/**
 * Per round the steps that cost as much arithmetic as the dense network's: steps x MACs dense / MACs rebuilt (Liu et al.
 * 2019, Scratch-B), as far as a card may go. How many units go is exact and so known beforehand; which ones is not, and
 * does not matter here.
 */
export function scratchRounds(
  { units, rounds, steps }: Pick<Values, 'units' | 'rounds' | 'steps'>,
  dense: Arch,
): { steps: number; capped: boolean }[] {
  let arch = dense;
  return Array.from({ length: rounds }, () => {
    const groups = shrinkable(arch).filter((group) => !isRank(group));
    const kept = groups.map(({ id, units: n }) => {
      const gone = Math.min(pruneCount(units, n), n - 1);
      return [id, Array.from({ length: n - gone }, (_, i) => i)];
    });
    arch = rebuild(arch, { tensors: {}, masks: {}, quant: {} }, Object.fromEntries(kept)).arch;
    const wanted = Math.round((steps * macs(dense)) / macs(arch));
    return { steps: Math.min(wanted, MOST_STEPS), capped: wanted > MOST_STEPS };
  });
}

/** Units go, the network is rebuilt: what is left is fine-tuned, or trained from a fresh draw for as long or for longer. */
function scratchRecipe(values: Values, arch: Arch): Step[] {
  const tuned = training(values, { lr: tunedRate(values) });
  const rounds = scratchRounds(values, arch).flatMap(({ steps }): Step[] => [
    card('prune-units', { fraction: values.units }),
    fork({
      units: [tuned],
      'scratch-e': [card('reinit'), training(values)],
      'scratch-b': [card('reinit'), training(values, { steps })],
    }),
  ]);
  return [training(values), ...rounds];
}
