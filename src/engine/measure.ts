/** Accuracy in interruptible chunks, and timing that can be trusted. */
import type { Examples } from '../datasets/types';
import { layerMacs, macs, weightLayers } from '../models/build';
import type { Arch, NetState } from '../models/types';
import type { LayerSpeed, SpeedReport, Spread } from '../worker/api';
import type { Networks } from './networks';
import type { BackendId, EvalResult, Network } from './types';

/** Multiply-accumulates between two turns on a CPU: some tens of milliseconds, so that newer work never waits long. */
const TURN_MACS = 5e8;
const CPU: readonly BackendId[] = ['simd', 'reference', 'wasm', 'cpu'];

/**
 * Images that may be evaluated between two turns, at most `most`. Decided by what is computed and not by a clock:
 * sums of losses must not depend on the moment.
 */
export const imagesPerTurn = (arch: Arch, backend: BackendId, most: number): number =>
  CPU.includes(backend) ? Math.max(8, Math.min(most, Math.floor(TURN_MACS / macs(arch)))) : most;

/**
 * Correct answers and summed loss over examples [from, to).
 * @param turn awaited between chunks; throws to give up
 * @param most images per chunk
 */
export async function evaluate(
  networks: Networks,
  state: NetState,
  examples: Examples,
  to: number,
  turn: () => Promise<void>,
  most = 250,
): Promise<EvalResult> {
  const chunk = imagesPerTurn(state.arch, networks.backend.id, most);
  const total: EvalResult = { correct: 0, loss: 0, count: 0 };
  for (let from = 0; from < to; from += chunk) {
    await turn();
    // Another reader may have loaded its own weights meanwhile.
    const network = await networks.with(state);
    const part = await network.evaluate(examples, from, Math.min(to, from + chunk));
    total.correct += part.correct;
    total.loss += part.loss;
    total.count += part.count;
  }
  return total;
}

/** Median and quartiles, linear between neighbours (type 7 of Hyndman and Fan 1996). */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (q: number) => {
    const x = q * (sorted.length - 1);
    const low = Math.floor(x);
    return sorted[low] + (x - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
  };
  return { median: at(0.5), q1: at(0.25), q3: at(0.75) };
}

/** Shortest time one sample may last; coarser clocks (0.1 ms in a browser tab) then err by 1 % at most. */
const SAMPLE_MS = 10;
const ROUNDS = 9;

async function repetitions(network: Network, batch: number): Promise<number> {
  await network.time(batch, 1);
  let n = 1;
  for (;;) {
    const ms = await network.time(batch, n);
    if (ms >= SAMPLE_MS || n >= 1 << 16) return n;
    n = Math.min(1 << 16, ms > 1 ? Math.ceil((n * SAMPLE_MS * 1.2) / ms) : n * 4);
  }
}

export interface Paired {
  dense: Spread;
  compressed: Spread;
  /** dense / compressed, round by round. */
  ratio: Spread;
}

/**
 * Two networks timed in turn, dense first and compressed first alternately, so that a change in the
 * machine's speed hits both. Milliseconds per call. The first round warms up and is not counted.
 */
export async function timePair(
  dense: Network,
  compressed: Network,
  batch: number,
  turn: () => Promise<void>,
  rounds = ROUNDS,
): Promise<Paired> {
  const nets = [dense, compressed];
  const reps = [await repetitions(dense, batch), await repetitions(compressed, batch)];
  const times: number[][] = [[], []];
  for (let round = 0; round <= rounds; round++) {
    for (const which of round % 2 ? [0, 1] : [1, 0]) {
      await turn();
      const ms = (await nets[which].time(batch, reps[which])) / reps[which];
      if (round > 0) times[which].push(ms);
    }
  }
  return {
    dense: spread(times[0]),
    compressed: spread(times[1]),
    ratio: spread(times[0].map((d, i) => d / times[1][i])),
  };
}

const overlaps = ({ dense, compressed }: Paired): boolean =>
  dense.q1 <= compressed.q3 && compressed.q1 <= dense.q3;

/**
 * Times two states against each other at batch 1 and 256. They are opened as two separate networks even
 * when their shape is the same: a masked network really runs.
 */
export async function speedOf(
  baseline: Networks,
  networks: Networks,
  dense: NetState,
  state: NetState,
  device: string,
  turn: () => Promise<void>,
): Promise<SpeedReport> {
  const a = await baseline.with(dense);
  const b = await networks.with(state);
  const at = async <B extends number>(batch: B) => {
    const pair = await timePair(a, b, batch, turn);
    return {
      batch,
      ...pair,
      overlap: overlaps(pair),
      slope: { dense: pair.dense.median, compressed: pair.compressed.median, agrees: true },
      layers: weightLayers(state.arch).map((layer): LayerSpeed => {
        return { layer: layer.name, form: 'dense', chosen: 'only', candidates: [], macs: layerMacs(layer) };
      }),
      macs: { dense: macs(dense.arch), executed: macs(state.arch) },
    };
  };
  return { device, latency: await at(1), throughput: await at(256) };
}
