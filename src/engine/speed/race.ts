/** Several networks timed in turn with a dense one, so that a change in the machine's speed hits them all. */
import type { Spread } from '../../worker/api';
import { spread } from '../measure';
import type { Inference } from '../types';

export interface Pace {
  /** Rounds counted; one more before them warms up. */
  rounds: number;
  /** Rounds where one pass lasts longer than `LONG_MS`. */
  slowRounds: number;
  /** Shortest time a sample may last; the pass is repeated until it does. */
  sampleMs: number;
}
export interface Raced {
  /** Milliseconds per pass over the batch. */
  dense: Spread;
  time: Spread;
  /** dense / time, round by round. */
  ratio: Spread;
  overlap: boolean;
}
const LONG_MS = 150;
const MOST = 1 << 20;

/** Passes that last `sampleMs`, and what one takes; the first is not counted, caches and compilers warm up in it. */
async function calibrate(net: Inference, batch: number, sampleMs: number, turn: () => Promise<void>) {
  let n = 1;
  for (let tries = 0; ; tries++) {
    await turn();
    const ms = await net.time(batch, n);
    if (ms >= sampleMs || n >= MOST) return { n, each: ms / n };
    const aim = Math.ceil((n * sampleMs * 1.15) / Math.max(ms, 1e-6));
    // A first pass, and a clock too coarse for it, tell little.
    n = Math.min(MOST, tries < 2 ? Math.min(aim, n * 16) : Math.max(aim, n + 1));
  }
}

/**
 * One result per rival, in order.
 * @param turn awaited before every sample; throws to give up
 */
export async function race(
  dense: Inference,
  rivals: readonly Inference[],
  batch: number,
  turn: () => Promise<void>,
  { rounds, slowRounds, sampleMs }: Pace,
): Promise<Raced[]> {
  const nets = [dense, ...rivals];
  const reps: { n: number; each: number }[] = [];
  for (const net of nets) reps.push(await calibrate(net, batch, sampleMs, turn));
  const slow = reps.some(({ each }) => each > LONG_MS);
  const samples = nets.map((): number[] => []);
  const count = slow ? slowRounds : rounds;
  for (let round = 0; round <= count; round++) {
    // A long pass was warm from its calibration.
    if (round === 0 && slow) continue;
    const order = nets.map((_, i) => i);
    if (round % 2) order.reverse();
    for (const i of order) {
      await turn();
      const ms = await nets[i].time(batch, reps[i].n);
      if (round > 0) samples[i].push(ms / reps[i].n);
    }
  }
  // What happened during the last sample counts, too.
  await turn();
  const [base, ...others] = samples;
  const baseline = spread(base);
  return others.map((times) => {
    const time = spread(times);
    const ratio = spread(times.map((t, i) => base[i] / t));
    const overlap = time.q1 <= baseline.q3 && baseline.q1 <= time.q3;
    return { dense: rounded(baseline), time: rounded(time), ratio: rounded(ratio), overlap };
  });
}
/** Four digits: more than any timing carries, few enough for a link. */
const digits = (v: number): number => Number(v.toPrecision(4));
const rounded = ({ median, q1, q3 }: Spread): Spread => ({
  median: digits(median),
  q1: digits(q1),
  q3: digits(q3),
});
