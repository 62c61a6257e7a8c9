/** Rows as a study would give them, made up by formula: for tests and for looking at charts, never results. */
import type { Metric, Row } from '../../../spec/types';
import { armSpots } from '../../../studies/spots';
import type { Study } from '../../../studies/types';

/** Accuracy lost by an arm per round. */
const LOSS: Readonly<Record<string, number>> = {
  ticket: 0.0005,
  reinit: 0.003,
  shuffle: 0.005,
  finetune: 0.001,
};
const LAYERS = { fc1: 0.78, fc2: 0.8, fc3: 0.9 };

/** Deterministic, in [-1, 1]. */
const wobble = (...of: number[]): number =>
  Math.sin(of.reduce((sum, v, i) => sum + v * (12.9898 + 7 * i), 0) * 43.7);

export function madeUpRows(study: Study, { steps = 1000, every = 100 } = {}): Row[] {
  const rows: Row[] = [];
  const told = new Set<string>();
  for (const { arm, rounds } of armSpots(study)) {
    for (const [round, spots] of rounds) {
      for (const [draw, { exp, at }] of spots.entries()) {
        if (told.has(`${exp}${at}`)) continue;
        told.add(`${exp}${at}`);
        for (let replicate = 0; replicate < study.replicates; replicate++) {
          const say = (metric: Metric, value: number, step: number, layer?: string) =>
            rows.push({
              ...{ exp, replicate, at, step, metric, value, ...(layer && { layer }) },
              ...{ unit: metric === 'val.loss' ? 'nats' : 'fraction', basis: 'measured', device: 'made up' },
            });
          const slow = (LOSS[arm.slice(arm.lastIndexOf('/') + 1)] ?? 0.002) * round;
          const noise = 0.001 * wobble(replicate, draw, round);
          const best = Math.min(steps, steps * (0.5 + slow * 9 + 0.1 * wobble(replicate, round)));
          for (let step = 0; step <= steps; step += every)
            say('val.loss', 0.08 + slow + 0.9 * ((step - best) / steps) ** 2 + Math.abs(noise), step);
          say('test.accuracy', 0.979 - slow + noise, steps);
          say('stop.accuracy', 0.98 - slow + noise, Math.round(best / every) * every);
          say('sparsity', 1 - 0.8 ** round, steps);
          for (const [layer, rate] of Object.entries(LAYERS)) say('density', rate ** round, steps, layer);
        }
      }
    }
  }
  return rows;
}
