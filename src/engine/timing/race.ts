/**
 * Times that can be compared: contestants take turns in one run, forwards and backwards alternately, so that a machine
 * that slows down or warms up hits them all alike. A sample repeats the pass so often that a coarse clock and the cost
 * of starting do not matter. The first round warms up and is not counted.
 */
import type { Spread } from '../../worker/api';
import { overlap, spread } from './spread';

/** As of `Inference`. */
export interface Contestant {
  time(batch: number, repetitions: number): Promise<number>;
  kernelTime?(batch: number, repetitions: number): Promise<number>;
}
export interface Pace {
  /** Rounds counted. */
  rounds: number;
  /** Shortest time that a sample may last, in milliseconds. */
  sampleMs: number;
  /** Rounds of these in which four times as many repetitions are timed, too: for the slope. */
  slopeRounds: number;
}
/** What is claimed on screen. */
export const CLAIM: Pace = { rounds: 7, sampleMs: 20, slopeRounds: 1 };
/** For tables and benchmarks, where nobody waits. */
export const THOROUGH: Pace = { rounds: 11, sampleMs: 40, slopeRounds: 3 };
/** To choose between kernels, where a wrong choice costs little. */
export const CHOICE: Pace = { rounds: 5, sampleMs: 4, slopeRounds: 0 };

export interface Conditions {
  /** Awaited before every sample: throws to give up, waits to pause. */
  turn(): Promise<void>;
  /** Rises whenever something spoils what is being measured; the round in which it does is taken again. */
  spoiled?(): number;
  /** Smallest step of the clock in milliseconds; samples last at least a hundred of them. */
  grain?: number;
}
/** One contestant; ratios are first / this, round by round. */
export interface Raced {
  /** Milliseconds per pass. */
  ms: Spread;
  ratio: Spread;
  /** Its quartiles and those of the first overlap: no claim. */
  overlap: boolean;
  repetitions: number;
  /** Milliseconds per pass from (t(4R) - t(R)) / 3R: free of what every sample costs once. NaN without slope rounds. */
  slope: number;
  /** By the device's own clock, where all contestants have one. */
  kernel?: { ms: Spread; ratio: Spread; overlap: boolean };
}
const MOST = 1 << 20;

/**
 * Times all contestants at one batch size against the first.
 * @returns one result per contestant, in their order; the first has ratio 1
 * @throws what `turn` throws
 */
export async function race(
  contestants: readonly Contestant[],
  batch: number,
  { rounds, sampleMs, slopeRounds }: Pace,
  { turn, spoiled = () => 0, grain = 0 }: Conditions,
): Promise<Raced[]> {
  const shortest = Math.max(sampleMs, 100 * grain);
  const repetitions: number[] = [];
  for (const c of contestants) repetitions.push(await calibrate(c, batch, shortest, turn));
  const clocked = contestants.every((c) => c.kernelTime);
  const taken: Sample[][] = [];
  while (taken.length <= rounds) {
    const before = spoiled();
    const round: Sample[] = [];
    const order = contestants.map((_, i) => i);
    if (taken.length % 2 === 0) order.reverse();
    // The first round is thrown away: slopes come after it.
    const slope = taken.length > 0 && taken.length <= slopeRounds;
    for (const i of order) {
      const [c, n] = [contestants[i], repetitions[i]];
      await turn();
      const ms = await c.time(batch, n);
      round[i] = { each: ms / n, kernel: Number.NaN, slope: Number.NaN };
      if (clocked) {
        await turn();
        round[i].kernel = (await c.kernelTime!(batch, n)) / n;
      }
      if (slope) {
        await turn();
        round[i].slope = ((await c.time(batch, 4 * n)) - ms) / (3 * n);
      }
    }
    // What happened during the last sample counts, too.
    await turn();
    if (spoiled() === before) taken.push(round);
  }
  return contestants.map((_, i) => resultOf(taken.slice(1), i, repetitions[i], clocked));
}
interface Sample {
  each: number;
  kernel: number;
  slope: number;
}

function resultOf(rounds: readonly Sample[][], i: number, repetitions: number, clocked: boolean): Raced {
  const against = (of: (sample: Sample) => number) => {
    const ms = spread(rounds.map((round) => of(round[i])));
    const first = spread(rounds.map((round) => of(round[0])));
    const ratio = spread(rounds.map((round) => of(round[0]) / of(round[i])));
    return { ms, ratio, overlap: overlap(ms, first) };
  };
  const slopes = rounds.map((round) => round[i].slope).filter((v) => !Number.isNaN(v));
  return {
    ...against(({ each }) => each),
    repetitions,
    slope: spread(slopes).median,
    ...(clocked && { kernel: against(({ kernel }) => kernel) }),
  };
}

/** Passes that together last as long as a sample has to; the first call warms up. */
async function calibrate(
  c: Contestant,
  batch: number,
  shortest: number,
  turn: () => Promise<void>,
): Promise<number> {
  await turn();
  await c.time(batch, 1);
  let n = 1;
  for (;;) {
    await turn();
    const ms = await c.time(batch, n);
    if (ms >= shortest || n >= MOST) return n;
    // Of a time that is short for the clock nothing is concluded but that more are needed.
    const aim = ms > shortest / 20 ? Math.ceil((n * shortest * 1.2) / ms) : n * 8;
    n = Math.min(MOST, Math.max(n + 1, aim));
  }
}

/** Whether slope and median tell the same story, to a tenth; true where no slope was taken. */
export const agrees = ({ ms, slope }: Raced): boolean =>
  Number.isNaN(slope) || Math.abs(slope - ms.median) <= 0.1 * ms.median;

/** Smallest step of a clock, in milliseconds. Browsers show 0.005 in isolated pages, 0.1 or 1 in others. */
export function grainOf(now: () => number = () => performance.now()): number {
  let least = Number.POSITIVE_INFINITY;
  for (let steps = 0; steps < 5; steps++) {
    const start = now();
    let end = now();
    while (end === start) end = now();
    least = Math.min(least, end - start);
  }
  return least;
}
let known: number | undefined;
/** The step of this thread's clock. */
export function clockGrain(): number {
  known ??= grainOf();
  return known;
}
