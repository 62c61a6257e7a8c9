/**
 * The claim itself, small enough for tests: fewer rounds and steps than anybody would publish (`npm run bench -- tickets`
 * takes more of both).
 */
import { expect, it } from 'vitest';
import { openLab } from '../engine/testing/lab';
import type { Experiment, Row, Step } from '../spec/types';
import type { StudyEvent } from '../worker/api-study';
import { findings } from './findings';
import { partsOf } from './index';
import { readings } from './readings';
import { armSeries, densities } from './series';
import { study } from './testing/studies';

it('the ticket is ahead of the same mask with fresh weights, and the further the fewer weights are left', {
  timeout: 180_000,
}, async () => {
  const values = { rate: 0.5, rounds: 4, steps: 200, evalEvery: 200, lr: 0.003 };
  const s = study(values, { data: 'mnist-7x7', model: 'mlp-60-30', replicates: 3 });
  const { lab } = await openLab();
  const rows: Row[] = [];
  const ends: string[] = [];
  await lab.runStudy(partsOf(s), (event: StudyEvent) => {
    if (event.type === 'rows') rows.push(...event.rows);
    if (event.type === 'end') ends.push(event.how);
  });
  expect(ends).toEqual(['done']);
  const from = readings(s, rows);
  const found = findings(s, armSeries(from)).filter(({ round }) => round >= 2);
  expect(found.map(({ a, b, round }) => [a, b, round])).toEqual(
    [2, 3, 4].map((r) => ['ticket', 'reinit', r]),
  );
  for (const { difference, verdict, ahead, at } of found) {
    expect([verdict, ahead, at]).toEqual(['ahead', 3, 'stop']);
    expect(difference.min).toBeGreaterThan(0.005);
  }
  expect(found[2].difference.mean).toBeGreaterThan(found[0].difference.mean);
  // Layers of hidden units lose half a round, the output layer a quarter.
  const last = densities(from).rounds.at(-1);
  expect(last?.density.map((d) => d.toFixed(2))).toEqual(['0.06', '0.06', '0.32']);
});

it('LeNet-300-100 at 3.6 % of its weights: half a point ahead at least, over three seeds', {
  timeout: 240_000,
}, async () => {
  // 0.4356 ^ 4 = 0.036; controls only at the end.
  const train: Step = { do: 'train', with: { steps: 250, evalEvery: 250 } };
  const prune: Step = { do: 'prune', with: { sparsity: 0.5644 } };
  const experiment: Experiment = {
    ...{ v: 1, data: 'mnist', model: 'lenet-300-100', replicates: 3 },
    seeds: { init: 1, order: 1, method: 1 },
    recipe: [
      train,
      { repeat: 3, steps: [prune, { do: 'rewind' }, train] },
      prune,
      { fork: { ticket: [{ do: 'rewind' }, train], reinit: [{ do: 'reinit' }, train] } },
    ],
  };
  const { lab, events } = await openLab();
  await lab.run(experiment);
  const rows = events.flatMap((event) => (event.type === 'rows' ? event.rows : []));
  const at = (arm: string, metric: string) =>
    rows.filter((r) => r.at === `recipe.3.fork.${arm}.1` && r.metric === metric).map((r) => r.value);
  for (const sparsity of at('ticket', 'sparsity')) expect(1 - sparsity).toBeCloseTo(0.038, 2);
  const [ticket, reinit] = [at('ticket', 'test.accuracy'), at('reinit', 'test.accuracy')];
  expect([ticket.length, reinit.length]).toEqual([3, 3]);
  const mean = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  expect(mean(ticket) - mean(reinit)).toBeGreaterThan(0.005);
});
