/**
 * Milliseconds per training step (Adam) of the WASM SIMD executor and, where python3 has torch, of PyTorch on one
 * thread. Contestants take turns, so that a busy machine slows all alike; ratios come from one run.
 * `npx tsx bench/kernels.ts [rounds] [network ...]`.
 */

import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { openSimd } from '../src/engine/backends/simd';
import type { Backend, Training } from '../src/engine/types';
import { relaxedSimdSupported } from '../src/kernels/simd/detect';
import { NETWORKS, type Timed } from './networks';
import { pytorch, type Time, type Torch } from './pytorch';
import { quantile } from './stats';
import { startTraining } from './training';

interface Contestant {
  name: string;
  /** Per step, over that many steps. */
  step(network: string, timed: Timed): Promise<Time>;
  close(): void;
}
export interface KernelResult {
  network: string;
  batch: number;
  contestant: string;
  /** Medians over the rounds. */
  wall: number;
  cpu: number;
  rounds: Time[];
  /** Median over the rounds of CPU time against PyTorch's of the same round. */
  ratio?: number;
}

function ours(backend: Backend): Contestant {
  const trainings = new Map<string, Training>();
  return {
    name: backend.device,
    async step(network, timed) {
      const training = trainings.get(network) ?? (await startTraining(backend, timed));
      trainings.set(network, training);
      const [start, before] = [performance.now(), process.cpuUsage()];
      await training.run(timed.steps);
      const wall = (performance.now() - start) / timed.steps;
      const { user, system } = process.cpuUsage(before);
      return { wall, cpu: (user + system) / 1000 / timed.steps };
    },
    close: () => backend.dispose(),
  };
}

const theirs = (torch: Torch): Contestant => ({
  ...torch,
  step: (_network, { yardstick, batch, steps }) => torch.step(yardstick, batch, steps),
});

/** PyTorch is the last contestant, if it is there. */
async function contestants(): Promise<[list: Contestant[], torch: boolean]> {
  // Node 20 has relaxed SIMD behind a flag; later ones ignore that the flag is gone.
  setFlagsFromString('--experimental-wasm-relaxed-simd');
  const list = [ours(await openSimd('simd'))];
  if (relaxedSimdSupported()) list.push(ours(await openSimd('relaxed')));
  const torch = await pytorch();
  return torch ? [[...list, theirs(torch)], true] : [list, false];
}

const median = (values: number[]) => quantile(values, 0.5);

export async function benchKernels(rounds = 7, networks = Object.keys(NETWORKS)): Promise<KernelResult[]> {
  const [list, torch] = await contestants();
  const results: KernelResult[] = [];
  for (const network of networks) {
    const timed = NETWORKS[network]();
    const times = list.map(() => [] as Time[]);
    // The first turn of each warms it up.
    for (const contestant of list) await contestant.step(network, timed);
    for (let round = 0; round < rounds; round++) {
      for (const [i, contestant] of list.entries()) times[i].push(await contestant.step(network, timed));
    }
    const last = times[times.length - 1];
    list.forEach(({ name }, i) => {
      results.push({
        network,
        batch: timed.batch,
        contestant: name,
        wall: median(times[i].map((t) => t.wall)),
        cpu: median(times[i].map((t) => t.cpu)),
        rounds: times[i],
        ...(torch ? { ratio: median(times[i].map((t, r) => t.cpu / last[r].cpu)) } : {}),
      });
    });
  }
  for (const contestant of list) contestant.close();
  return results;
}

/** One line per network and contestant. */
export function printKernels(results: KernelResult[]): void {
  console.log(
    'ms per training step with Adam: median by the clock, median and least CPU time, ratio to PyTorch',
  );
  for (const r of results) {
    const numbers = [r.wall, r.cpu, Math.min(...r.rounds.map((t) => t.cpu))];
    const columns = numbers.map((n) => n.toFixed(2).padStart(8)).join(' ');
    const ratio = r.ratio === undefined ? '' : `${r.ratio.toFixed(2)}x`;
    console.log(`${r.network.padEnd(21)} ${r.contestant.padEnd(52)} ${columns}  ${ratio}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [rounds = '7', ...networks] = process.argv.slice(2);
  printKernels(await benchKernels(Number(rounds), networks.length ? networks : undefined));
}
