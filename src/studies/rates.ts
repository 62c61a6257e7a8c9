import type { NumberParam, ParamTable } from '../spec/params';
import { CITED, card, fork, ladderParams, part, pruning, training, trainingParams } from './protocol';
import { defineStudy } from './types';

const { optimizer: _optimizer, lr, ...common } = trainingParams;
const count = (label: string, flag: string, value: number) =>
  ({
    ...{ kind: 'number' as const, label, default: value, min: 1, max: 4, step: 1, integer: true },
    ...{ unit: 'none' as const, when: { [flag]: true } },
  }) satisfies NumberParam;
const rate = (label: string, flag: string, value: number) =>
  ({ ...lr, label, default: value, when: { [flag]: true } }) satisfies NumberParam;

const params = {
  adam: { kind: 'flag', label: 'Adam', default: true },
  adamRates: count('Learning rates of Adam', 'adam', 2),
  adamFrom: rate('Adam: from', 'adam', 1.2e-3),
  adamTo: rate('Adam: to', 'adam', 1.2e-2),
  sgd: { kind: 'flag', label: 'SGD', default: true },
  sgdRates: count('Learning rates of SGD', 'sgd', 2),
  sgdFrom: rate('SGD: from', 'sgd', 0.01),
  sgdTo: rate('SGD: to', 'sgd', 0.1),
  ...ladderParams,
  ...common,
  momentum: { ...common.momentum, when: { sgd: true } },
} as const satisfies ParamTable;

/** `n` rates from the first to the last, evenly spaced on a log scale, to two digits; the ends as they are. */
export function ratesBetween(from: number, to: number, n: number): number[] {
  const at = (i: number) =>
    i === 0 ? from : i === n - 1 ? to : Number((from * (to / from) ** (i / (n - 1))).toPrecision(2));
  return [...new Set(Array.from({ length: n }, (_, i) => at(i)))];
}

/**
 * Tickets at several learning rates and optimizers side by side: with large rates the ticket is said to be no better
 * than its re-initialised copy (Frankle and Carbin 2019, section 5; Liu et al. 2019, section 6).
 */
export const rates = defineStudy({
  id: 'rates',
  params,
  grouped: true,
  citations: [CITED.frankle, CITED.liu],
  against: (name) => `${name.split('/')[0]}/ticket`,
  parts(base, values) {
    const combinations = [
      ...(values.adam ? ratesBetween(values.adamFrom, values.adamTo, values.adamRates) : []).map(
        (each) => ['adam', each] as const,
      ),
      ...(values.sgd ? ratesBetween(values.sgdFrom, values.sgdTo, values.sgdRates) : []).map(
        (each) => ['sgd', each] as const,
      ),
    ];
    return combinations.map(([optimizer, each]) => {
      const train = training({ ...values, optimizer, lr: each });
      const arms = fork({ ticket: [card('rewind'), train], reinit: [card('reinit'), train] });
      const ladder = { repeat: values.rounds, steps: [pruning(values, base.arch), arms] };
      return part(base, `${optimizer}-${each}`, [train, ladder]);
    });
  },
});
