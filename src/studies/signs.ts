import type { ParamTable } from '../spec/params';
import type { Step } from '../spec/types';
import { CITED, card, fork, ladderParams, part, pruning, training, trainingParams } from './protocol';
import { defineStudy } from './types';

const params = { ...ladderParams, ...trainingParams } as const satisfies ParamTable;

/** Arms beside the ticket: new values for the kept weights, with signs of their own or with those of the start. */
export const SIGN_ARMS = ['redraw', 'reshuffle', 'constant'].flatMap((values) => [
  { arm: values, values, sign: 'own' },
  { arm: `${values}-sign`, values, sign: 'original' },
]);

/**
 * Is it the sign that counts? (Zhou et al. 2019.) The ticket's own masks, round by round, with other values for the
 * weights that are kept: drawn anew, permuted among themselves, or one size for all. The trunk is the ticket, the same
 * as in a study of tickets, and trained only once.
 */
export const signs = defineStudy({
  id: 'signs',
  params,
  citations: [CITED.zhou],
  parts(base, values) {
    const others = SIGN_ARMS.map(({ arm, ...how }): [string, Step[]] => [
      arm,
      [card('start-values', how), training(values)],
    ]);
    const arms = fork({
      ticket: [card('rewind'), training(values)],
      ...Object.fromEntries(others),
    });
    const ladder = { repeat: values.rounds, steps: [pruning(values, base.arch), arms] };
    return [part(base, 'main', [training(values), ladder])];
  },
});
