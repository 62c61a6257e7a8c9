import type { ParamTable } from '../spec/params';
import { CITED, card, fork, ladderParams, part, pruning, training, trainingParams } from './protocol';
import { defineStudy } from './types';

const params = { ...ladderParams, ...trainingParams } as const satisfies ParamTable;

/**
 * What to do with what is pruned (Zhou et al. 2019): zero, or held at its initial value, always or unless training moved
 * it towards zero. Masks are those of one trained network, pruned deeper and deeper without training in between, so
 * that for every pruned weight there is an end of training to compare its beginning with. The arm `zero` is what a
 * one-shot ticket is.
 */
export const maskZero = defineStudy({
  id: 'mask-zero',
  params,
  citations: [CITED.zhou],
  sizedBy: 'zero',
  against: (arm) => (arm === 'zero' ? undefined : 'zero'),
  parts(base, values) {
    const act = (action: string) => [card('mask-zero', { action }), training(values)];
    const arms = fork({
      base: [],
      zero: [card('rewind'), training(values)],
      freeze: act('freeze'),
      'freeze-shrunk': act('freeze-shrunk'),
      'freeze-shrunk-start': act('freeze-shrunk-start'),
    });
    const ladder = { repeat: values.rounds, steps: [pruning(values, base.arch), arms] };
    return [part(base, 'main', [training(values), ladder])];
  },
});
