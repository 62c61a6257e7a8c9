/** A heat by the lab's timing protocol, in fewer rounds where one pass takes long, as points of four digits. */
import type { Spread } from '../../worker/api';
import { race } from '../timing/race';
import type { Inference } from '../types';

export interface Pace {
  /** Rounds counted; one more before them warms up. */
  rounds: number;
  /** Rounds where one pass of the dense network lasts longer than `LONG_MS`. */
  slowRounds: number;
  /** Shortest time a sample may last; the pass is repeated until it does. */
  sampleMs: number;
}
export interface Against {
  /** Milliseconds per pass over the batch. */
  dense: Spread;
  time: Spread;
  /** dense / time, round by round. */
  ratio: Spread;
  overlap: boolean;
}
const LONG_MS = 150;

/**
 * One result per rival, in order.
 * @param turn awaited before every sample; throws to give up
 * @param grain step of the clock in milliseconds
 */
export async function timeHeat(
  dense: Inference,
  rivals: readonly Inference[],
  batch: number,
  turn: () => Promise<void>,
  { rounds, slowRounds, sampleMs }: Pace,
  grain: number,
): Promise<Against[]> {
  await turn();
  const slow = (await dense.time(batch, 1)) > LONG_MS;
  // Slopes would cost as much again as all rounds: they check the protocol elsewhere.
  const pace = { rounds: slow ? slowRounds : rounds, sampleMs, slopeRounds: 0 };
  const [base, ...others] = await race([dense, ...rivals].map(endToEnd), batch, pace, { turn, grain });
  return others.map(({ ms, ratio, overlap }) => ({
    dense: rounded(base.ms),
    time: rounded(ms),
    ratio: rounded(ratio),
    overlap,
  }));
}
/** As a caller waits for it: the device's own clock would double the time of a study. */
const endToEnd = (net: Inference) => ({ time: (batch: number, n: number) => net.time(batch, n) });

/** More than any timing carries, few enough for a link. */
const digits = (v: number): number => Number(v.toPrecision(4));
const rounded = ({ median, q1, q3 }: Spread): Spread => ({
  median: digits(median),
  q1: digits(q1),
  q3: digits(q3),
});
