import type { ParamTable } from '../spec/params';
import { CITED, card, fork, ladderParams, part, pruning, training, trainingParams } from './protocol';
import { defineStudy } from './types';

/** In the order of the paper's figure: nine, then those that look at the sign besides. */
export const ZHOU_CRITERIA = [
  'magnitude',
  'magnitude-increase',
  'movement',
  'large-init-large-final',
  'large-init',
  'random',
  'small-init',
  'small-init-small-final',
  'small-final',
] as const;
export const SIGNED_CRITERIA = [
  'large-final-same-sign',
  'large-final-diff-sign',
  'magnitude-increase-same-sign',
  'magnitude-increase-diff-sign',
] as const;

const params = {
  which: { kind: 'choice', label: 'Criteria', default: 'all', options: ['all', 'nine', 'signed'] },
  ...ladderParams,
  rate: { ...ladderParams.rate, default: 0.3 },
  rounds: { ...ladderParams.rounds, default: 10 },
  constant: { kind: 'flag', label: 'Signed constants', default: true },
  retrain: { kind: 'flag', label: 'Trained from the start', default: false },
  ...trainingParams,
} as const satisfies ParamTable;

/**
 * Which weights make the ticket (Zhou et al. 2019): masks of one and the same trained network by many criteria, at equal
 * counts per layer, and for each mask the accuracy of the trained weights, of the untrained ones (a supermask), of
 * signed constants, and of a new training. The first arm is empty: its point is the mask on the trained weights.
 *
 * Masks are nested: each rung of the ladder ranks what the one before has left, so that criteria which rank two axes
 * by percentile rank among survivors.
 */
export const criteria = defineStudy({
  id: 'criteria',
  params,
  grouped: true,
  citations: [CITED.zhou],
  against: (name) => {
    const [criterion, arm] = name.split('/');
    return criterion === 'magnitude' ? undefined : `magnitude/${arm}`;
  },
  parts(base, values) {
    const ids = {
      all: [...ZHOU_CRITERIA, ...SIGNED_CRITERIA],
      nine: ZHOU_CRITERIA,
      signed: ['magnitude', ...SIGNED_CRITERIA],
    }[values.which];
    const arms = fork({
      masked: [],
      init: [card('rewind')],
      constant: values.constant
        ? [card('start-values', { values: 'constant', sign: 'original' })]
        : undefined,
      retrain: values.retrain ? [card('rewind'), training(values)] : undefined,
    });
    return ids.map((id) => {
      const prune = pruning(values, base.arch, id === 'magnitude' ? {} : { criterion: id });
      return part(base, id, [training(values), { repeat: values.rounds, steps: [prune, arms] }]);
    });
  },
});
