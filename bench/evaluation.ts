/** Seconds for the accuracy of a network on 10,000 images, the size of a whole test split, on the SIMD executor. */
import { setFlagsFromString } from 'node:v8';
import { openSimd } from '../src/engine/backends/simd';
import { relaxedSimdSupported } from '../src/kernels/simd/detect';
import { NETWORKS } from './networks';
import { row } from './stats';
import { examplesFor, freshWeights } from './training';
import type { BenchRow } from './types';

const IMAGES = 10_000;
const ROUNDS = 7;

/** CPU time, for a busy machine gives its cores to others, too. */
export async function benchEvaluation(networks = ['lenet-300-100', 'lenet-5']): Promise<BenchRow[]> {
  setFlagsFromString('--experimental-wasm-relaxed-simd');
  const flavours = relaxedSimdSupported() ? (['simd', 'relaxed'] as const) : (['simd'] as const);
  const rows: BenchRow[] = [];
  for (const network of networks) {
    const timed = NETWORKS[network]();
    // What is loaded first is half of that: it is looked at twice.
    const examples = await examplesFor(timed);
    for (const flavour of flavours) {
      const backend = await openSimd(flavour);
      const net = await backend.open(timed.arch);
      await net.load(freshWeights(timed.arch));
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const start = process.cpuUsage();
        for (let seen = 0; seen < IMAGES; ) {
          const count = Math.min(examples.count, IMAGES - seen);
          await net.evaluate(examples, 0, count);
          seen += count;
        }
        const { user, system } = process.cpuUsage(start);
        times.push((user + system) / 1e6);
      }
      net.dispose();
      const what = `${network}, ${backend.device}: accuracy on ${IMAGES} images`;
      rows.push(row('kernels', what, 's', times, `CPU time; least ${Math.min(...times).toFixed(2)} s`));
    }
  }
  return rows;
}
