/**
 * The claim itself, small enough for a test: on digits of 7 x 7 pixels the ticket beats its re-initialised copy, in every
 * seed, by more than the half point that is asked of LeNet-300-100 on whole digits (`npm run bench -- tickets`).
 */
import { expect, it } from 'vitest';
import { openLab } from '../engine/testing/lab';
import type { Row } from '../spec/types';
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
