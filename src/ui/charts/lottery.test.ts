import { describe, expect, test } from 'vitest';
import { i18n } from '../../i18n';
import type { Row } from '../../spec/types';
import { experimentOf, row } from './fixtures';
import { compareArms, lotteryOf } from './lottery';
import { statementOf } from './statement';
import { lotteryTable } from './tables';

const arms = { ticket: [{ do: 'rewind' }, { do: 'train' }], reinit: [{ do: 'reinit' }, { do: 'train' }] };
const experiment = experimentOf([{ do: 'train' }, { repeat: 2, steps: [{ do: 'prune' }, { fork: arms }] }]);

const measured = (at: string, accuracy: number, sparsity: number, more: Partial<Row> = {}) => [
  row(at, 100, 'test.accuracy', accuracy, more),
  row(at, 100, 'sparsity', sparsity, more),
];
function rowsOf(replicate: number, ticket: number[], reinit: number[]): Row[] {
  const end = (round: number, arm: string) => `recipe.1[${round}].steps.1.fork.${arm}.1`;
  return [
    ...measured('recipe.0', 0.98, 0, { replicate }),
    ...ticket.flatMap((a, i) =>
      measured(end(i + 1, 'ticket'), a, 1 - 0.8 ** (i + 1), { replicate, arm: 'ticket' }),
    ),
    ...reinit.flatMap((a, i) =>
      measured(end(i + 1, 'reinit'), a, 1 - 0.8 ** (i + 1), { replicate, arm: 'reinit' }),
    ),
  ];
}
const t = i18n.getFixedT('en', 'charts');

test('one line per arm, from full to small, and the dense point apart', () => {
  const lottery = lotteryOf(rowsOf(0, [0.981, 0.982], [0.979, 0.975]).reverse(), experiment);
  expect(lottery.dense?.accuracy).toBe(0.98);
  expect(lottery.arms.map((a) => a.name)).toEqual(['ticket', 'reinit']);
  expect(lottery.arms[0].points.map((p) => p.accuracy)).toEqual([0.981, 0.982]);
  expect(lottery.arms[1].points.map((p) => Number(p.remaining.toFixed(4)))).toEqual([0.8, 0.64]);
});
test('where a training has no sparsity of its own, the last pruning before it counts', () => {
  const rows = [
    row('recipe.1[1].steps.0', 0, 'sparsity', 0.2),
    row('recipe.1[1].steps.1.fork.ticket.1', 100, 'test.accuracy', 0.98, { arm: 'ticket' }),
    row('recipe.1[2].steps.0', 0, 'sparsity', 0.36),
    row('recipe.1[2].steps.1.fork.ticket.1', 100, 'test.accuracy', 0.97, { arm: 'ticket' }),
  ];
  const [ticket] = lotteryOf(rows, experiment).arms;
  expect(ticket.points.map((p) => [p.remaining, p.accuracy])).toEqual([
    [0.8, 0.98],
    [0.64, 0.97],
  ]);
});
test('accuracies before training are not points', () => {
  const rows = [row('recipe.1[1].steps.1.fork.ticket.0', 0, 'test.accuracy', 0.1, { arm: 'ticket' })];
  expect(lotteryOf(rows, experiment).arms[0].points).toEqual([]);
});
test('seeds become mean and range', () => {
  const lottery = lotteryOf([...rowsOf(0, [0.98], [0.97]), ...rowsOf(1, [0.984], [0.976])], experiment);
  const [point] = lottery.arms[0].points;
  expect(point.accuracy).toBeCloseTo(0.982);
  expect([point.min, point.max]).toEqual([0.98, 0.984]);
  expect(lottery.replicates).toBe(2);
});

describe('statement', () => {
  const say = (...rows: Row[][]) =>
    statementOf(t, lotteryOf(rows.flat(), experiment))?.replaceAll('\u202f', ' ');
  test('one seed claims nothing', () => {
    expect(say(rowsOf(0, [0.981, 0.982], [0.979, 0.975]))).toBe(
      'At 64 % of the weights: ticket 98.2 %, random re-init 97.5 % (1 seed: no claim about significance).',
    );
  });
  test('compares at the smallest size that both arms have reached', () => {
    expect(say(rowsOf(0, [0.981, 0.982], [0.975]))).toContain('At 80 %');
  });
  test('several seeds are counted', () => {
    const said = say(rowsOf(0, [0.98], [0.97]), rowsOf(1, [0.96], [0.97]), rowsOf(2, [0.99], [0.97]));
    expect(said).toContain('ticket ahead in 2 of 3 seeds');
  });
  test('says nothing before two arms meet', () => {
    expect(compareArms(lotteryOf(rowsOf(0, [0.98], []), experiment))).toBeUndefined();
    expect(say(rowsOf(0, [0.98], []))).toBeUndefined();
  });
});
test('the table lists every point once', () => {
  const table = lotteryTable(t, lotteryOf(rowsOf(0, [0.981, 0.982], [0.979, 0.975]), experiment));
  expect(table.rows.map((r) => [r.arm, r.accuracy])).toEqual([
    ['dense', 0.98],
    ['ticket', 0.981],
    ['ticket', 0.982],
    ['reinit', 0.979],
    ['reinit', 0.975],
  ]);
});
test('arms that only compress are drawn as they come out of their cards', () => {
  const prune = [{ do: 'prune' }];
  const live = experimentOf([
    { do: 'train' },
    { fork: { obs: [{ repeat: 2, steps: prune }], magnitude: [{ repeat: 2, steps: prune }] } },
  ]);
  const rows = [
    ...measured('recipe.0', 0.9, 0),
    ...['obs', 'magnitude'].flatMap((arm) =>
      [1, 2].flatMap((round) => {
        const at = `recipe.1.fork.${arm}.0[${round}].steps.0`;
        return [
          row(at, 0, 'test.accuracy', arm === 'obs' ? 0.88 : 0.5, { arm }),
          row(at, 0, 'sparsity', 1 - 0.8 ** round, { arm }),
        ];
      }),
    ),
  ];
  const lottery = lotteryOf(rows, live);
  expect(lottery.arms.map((a) => a.points.map((p) => Number(p.remaining.toFixed(2))))).toEqual([
    [0.8, 0.64],
    [0.8, 0.64],
  ]);
  expect(compareArms(lottery)?.arms.map((a) => a.accuracy)).toEqual([0.88, 0.5]);
});
test('where an arm trains on at one size, its last accuracy is compared', () => {
  const train = [{ do: 'prune' }, { do: 'train' }];
  const rounds = experimentOf([
    { do: 'train' },
    { fork: { rounds: [{ repeat: 1, steps: train }, { do: 'train' }], once: train } },
  ]);
  const rows = [
    ...measured('recipe.0', 0.98, 0),
    ...measured('recipe.1.fork.rounds.0[1].steps.1', 0.93, 0.97, { arm: 'rounds' }),
    ...measured('recipe.1.fork.rounds.1', 0.958, 0.97, { arm: 'rounds' }),
    ...measured('recipe.1.fork.once.1', 0.961, 0.97, { arm: 'once' }),
  ];
  expect(compareArms(lotteryOf(rows, rounds))?.arms.map((a) => a.accuracy)).toEqual([0.958, 0.961]);
});
