import { normNames } from '../../models/build';
import { WinnowError } from '../../spec/problem';
import type { UnitCriterion } from './types';

/**
 * |gamma| of the batch norms that the unit passes, the score of network slimming. Norms put all channels on one scale,
 * so that gammas of different layers compare as they are.
 *
 * Trap: the paper trains with an L1 penalty on gamma first; without it gammas stay near their start and say little. The
 * unit's constant gamma * 0 + beta is lost with it. A group without a norm is refused, not scored by something else.
 */
export const gamma: UnitCriterion = {
  id: 'gamma',
  words: {
    en: {
      name: 'Batch-norm scale',
      about: 'Channels that their batch norm scales down go first (network slimming).',
    },
    zh: { name: '批归一化缩放系数', about: '先剪掉被批归一化缩小的通道（network slimming）。' },
  },
  formula: 's_j = |\\gamma_j|',
  citations: [
    {
      text: 'Liu, Li, Shen, Huang, Yan, Zhang: Learning efficient convolutional networks through network slimming. ICCV (2017)',
      url: 'https://arxiv.org/abs/1708.06519',
    },
  ],
  absolute: true,
  /** @throws WinnowError `units.norm` */
  check(group) {
    if (group.norms.length > 0) return;
    throw new WinnowError({
      code: 'units.norm',
      path: 'with.criterion',
      message: `units of ${group.id} pass no batch norm, so there is no gamma to rank them by; choose another criterion`,
      values: { group: group.id },
    });
  },
  score: (state, group) => group.norms.map((name) => state.tensors[normNames({ name }).gamma].map(Math.abs)),
};
