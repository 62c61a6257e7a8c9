/**
 * Where a training step's time goes: milliseconds and GFLOP/s of every op of one network, by shape.
 * `npx tsx bench/ops.ts <network> [simd|relaxed] [steps]`
 */
import { setFlagsFromString } from 'node:v8';
import { PlanNetwork } from '../src/engine/backends/network';
import type { Backend } from '../src/engine/types';
import type { Machine } from '../src/kernels/machine';
import type { Flavour } from '../src/kernels/simd/load';
import { simdMachine } from '../src/kernels/simd/machine';
import { NETWORKS } from './networks';
import { startTraining } from './training';

setFlagsFromString('--experimental-wasm-relaxed-simd');

interface Shape {
  [key: string]: number;
}
interface Entry {
  calls: number;
  ms: number;
  /** Least of one call: what it takes when nobody disturbs. */
  least: number;
  flops: number;
}

/** Multiplications and additions of one call, where that is what it does; the batch is the last number given. */
function flops(name: string, args: unknown[]): number {
  const s = args[0] as Shape;
  const batch = args.filter((a) => typeof a === 'number').at(-1) as number;
  if (name.startsWith('dense')) return 2 * s.in * s.out * batch;
  return name.startsWith('conv') ? 2 * s.k * s.k * s.c * s.n * s.oh * s.ow * batch : 0;
}
const label = (name: string, args: unknown[]): string => {
  const s = args[0];
  if (typeof s !== 'object' || s === null) {
    if (name === 'adam' || name === 'sgd') return name;
    // Sizes come last, and are no pointers.
    return `${name} ${args.filter((a) => typeof a === 'number' && a > 0 && a < 1e7).slice(-2)}`;
  }
  const parts = Object.entries(s).filter(([, value]) => typeof value === 'number');
  return `${name} ${parts.map(([key, value]) => `${key}${value}`).join(' ')}`;
};

function watched(machine: Machine, seen: Map<string, Entry>): Machine {
  return new Proxy(machine, {
    get(target, key: string) {
      const value = Reflect.get(target, key);
      if (typeof value !== 'function' || /^(reserve|scratch|set|packedBytes)/.test(key)) return value;
      return (...args: unknown[]) => {
        // CPU time: other work on the machine is not counted.
        const start = process.cpuUsage();
        const result = value.apply(target, args);
        const { user, system } = process.cpuUsage(start);
        const ms = (user + system) / 1000;
        const name = label(key, args);
        const entry = seen.get(name) ?? { calls: 0, ms: 0, least: Infinity, flops: flops(key, args) };
        seen.set(name, entry);
        entry.calls++;
        entry.ms += ms;
        entry.least = Math.min(entry.least, ms);
        return result;
      };
    },
  });
}

const [network = 'lenet-5', flavour = 'relaxed', steps = '10'] = process.argv.slice(2);
const seen = new Map<string, Entry>();
const machine = watched(await simdMachine(flavour as Flavour), seen);
const backend: Backend = {
  id: 'simd',
  device: flavour,
  open: async (arch) => new PlanNetwork(arch, machine, () => {}),
  dispose: () => {},
};
const training = await startTraining(backend, NETWORKS[network]());
await training.run(2);
seen.clear();
await training.run(Number(steps));

const rows = [...seen].sort(([, a], [, b]) => b.least * b.calls - a.least * a.calls);
const per = (e: Entry) => (e.least * e.calls) / Number(steps);
console.log(
  `${network}, ${flavour}: ${rows.reduce((sum, [, e]) => sum + per(e), 0).toFixed(2)} ms per step (least of each op)`,
);
for (const [name, e] of rows) {
  const rate = e.flops ? `${(e.flops / e.least / 1e6).toFixed(1)} GFLOP/s` : '';
  const mean = (e.ms / Number(steps)).toFixed(2).padStart(9);
  console.log(`${per(e).toFixed(2).padStart(9)} ms (mean ${mean})  ${rate.padStart(14)}  ${name}`);
}
