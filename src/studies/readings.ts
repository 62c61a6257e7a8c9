/** Rows of a study, put where statistics find them. Works on whatever rows there are, in any order, told twice or not. */
import type { Row } from '../spec/types';
import { type ArmSpots, armSpots, type Spot } from './spots';
import type { Study } from './types';

export const CURVES = ['val.loss', 'val.accuracy', 'train.loss'] as const;
export type CurveMetric = (typeof CURVES)[number];

/** What one replicate says at one place. */
export interface Reading {
  replicate: number;
  /** Test accuracy; absent as long as it is not finished. */
  end?: number;
  stop?: number;
  /** Weights remaining / prunable weights. */
  remaining?: number;
  /** By step. */
  curves: Record<CurveMetric, Map<number, number>>;
  /** By layer, in the order of the network. */
  density: Map<string, number>;
}
export interface Readings {
  study: Study;
  arms: readonly ArmSpots[];
  /** By replicate, of a spot; those that are at work included. */
  at(spot: Spot): readonly Reading[];
}

const keyOf = (exp: string, at: string): string => `${exp} ${at}`;

/** O(rows). Rows of other experiments are left out. */
export function readings(study: Study, rows: readonly Row[]): Readings {
  const arms = armSpots(study);
  const wanted = new Map<string, Map<number, Reading>>();
  for (const { rounds } of arms)
    for (const spots of rounds.values())
      for (const { exp, at } of spots) wanted.set(keyOf(exp, at), new Map());
  for (const row of rows) {
    const here = wanted.get(keyOf(row.exp, row.at));
    if (!here) continue;
    const reading = here.get(row.replicate) ?? empty(row.replicate);
    here.set(row.replicate, reading);
    take(reading, row);
  }
  const sorted = new Map(
    [...wanted].map(([key, all]) => [key, [...all.values()].sort((a, b) => a.replicate - b.replicate)]),
  );
  return { study, arms, at: ({ exp, at }) => sorted.get(keyOf(exp, at)) ?? [] };
}

const empty = (replicate: number): Reading => ({
  replicate,
  curves: { 'val.loss': new Map(), 'val.accuracy': new Map(), 'train.loss': new Map() },
  density: new Map(),
});

function take(reading: Reading, { metric, step, value, layer }: Row): void {
  switch (metric) {
    case 'test.accuracy':
      reading.end = value;
      break;
    case 'stop.accuracy':
      reading.stop = value;
      break;
    case 'sparsity':
      reading.remaining = 1 - value;
      break;
    case 'density':
      if (layer !== undefined) reading.density.set(layer, value);
      break;
    case 'val.loss':
    case 'val.accuracy':
    case 'train.loss':
      reading.curves[metric].set(step, value);
      break;
  }
}

/**
 * Step of the lowest validation loss, the first of equal ones; `censored` where that is the last there is, so that a
 * longer training might have found a lower one. Undefined where nothing was validated.
 */
export function earlyStop({ curves }: Reading): { step: number; censored: boolean } | undefined {
  const losses = [...curves['val.loss']].filter(([, loss]) => !Number.isNaN(loss)).sort(([a], [b]) => a - b);
  if (losses.length === 0) return undefined;
  const [step] = losses.reduce((best, one) => (one[1] < best[1] ? one : best));
  return { step, censored: step === losses[losses.length - 1][0] };
}
