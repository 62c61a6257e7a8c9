/**
 * Milliseconds per training step of LeNet-300-100 (Adam, batch 60) on the TensorFlow.js backends that run in
 * Node: the baseline that our own executors are compared with. `npx tsx bench/tfjs.ts`
 */
import { fileURLToPath } from 'node:url';
import { openBackend } from '../src/engine/device';
import { timeTraining } from '../src/engine/device/self-test';
import { row } from './stats';
import type { Bench, BenchRow } from './types';

/** Few steps where one takes long. */
const RUNS = { wasm: { rounds: 5, steps: 10 }, cpu: { rounds: 3, steps: 2 } } as const;

export const bench: Bench = async (log) => {
  const rows: BenchRow[] = [];
  // One after the other: TensorFlow.js runs one backend at a time.
  for (const [id, { rounds, steps }] of Object.entries(RUNS)) {
    const backend = await openBackend(id as keyof typeof RUNS);
    const times: number[] = [];
    for (let i = 0; i < rounds; i++) times.push(await timeTraining(backend, steps));
    backend.dispose();
    const what = `lenet-300-100, ${backend.device}: Adam step of 60 images`;
    rows.push(row('tfjs', what, 'ms', times, `wall clock; each the mean of ${steps} steps`));
    log(`${what}: ${rows[rows.length - 1].value.toFixed(1)} ms`);
  }
  return rows;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await bench(console.log);
