/**
 * Milliseconds per training step (Adam, batch 60, random images) of the WASM SIMD executor and, where python3
 * has torch, of PyTorch on one thread. Contestants take turns, so that a busy machine slows all alike.
 * `npx tsx bench/kernels.ts [rounds]`; with `--experimental-wasm-relaxed-simd` in NODE_OPTIONS on Node 20 the
 * relaxed build takes part too.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { TrainExamples } from '../src/datasets/types';
import { openSimd } from '../src/engine/backends/simd';
import type { Backend } from '../src/engine/types';
import { relaxedSimdSupported } from '../src/kernels/simd/detect';
import { biasName, channels, kernelName, kernelSize, weightLayers } from '../src/models/build';
import { modelById } from '../src/models/registry';
import type { Arch, Weights } from '../src/models/types';

const BATCH = 60;
const MODELS = { 'lenet-300-100': 60, 'lenet-5': 10 };

/** Milliseconds. CPU time is what counts on a machine that is busy with other things, too. */
export interface Time {
  wall: number;
  cpu: number;
}
export interface Contestant {
  name: string;
  /** Per step, over that many steps. */
  step(model: string, count: number): Promise<Time>;
  close(): void;
}
export interface KernelResult {
  model: string;
  contestant: string;
  /** Medians over the rounds. */
  wall: number;
  cpu: number;
  rounds: Time[];
}

const random = (n: number, top: number) => Uint8Array.from({ length: n }, () => Math.random() * top);

function weightsOf(arch: Arch): Weights {
  const tensors: Record<string, Float32Array> = {};
  for (const layer of weightLayers(arch)) {
    const n = kernelSize(layer);
    const width = Math.sqrt((6 * channels(layer)) / n);
    tensors[kernelName(layer)] = Float32Array.from({ length: n }, () => (Math.random() - 0.5) * width);
    tensors[biasName(layer)] = new Float32Array(channels(layer));
  }
  return { tensors, masks: {}, quant: {} };
}

async function ours(backend: Backend): Promise<Contestant> {
  const trainings = new Map<string, { run(steps: number): Promise<Float32Array> }>();
  const count = 600;
  const data = { split: 'train', count, total: count, shape: [28, 28, 1], scale: 1 / 255, shift: 0 } as const;
  const examples: TrainExamples = { ...data, pixels: random(count * 784, 256), labels: random(count, 10) };
  for (const model of Object.keys(MODELS)) {
    const arch = modelById(model).build([28, 28, 1], 10);
    const net = await backend.open(arch);
    await net.load(weightsOf(arch));
    const training = net.train({
      examples,
      batch: BATCH,
      // As in torch-step.py: too small to learn the images by heart, which would make gradients subnormal.
      optimizer: { kind: 'adam', lr: 1e-6, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      indices: (t) => Uint32Array.from({ length: BATCH }, (_, i) => (t * BATCH + i) % count),
    });
    trainings.set(model, training);
  }
  return {
    name: backend.device,
    async step(model, steps) {
      const [start, cpu] = [performance.now(), process.cpuUsage()];
      await trainings.get(model)!.run(steps);
      const wall = (performance.now() - start) / steps;
      const { user, system } = process.cpuUsage(cpu);
      return { wall, cpu: (user + system) / 1000 / steps };
    },
    close: () => backend.dispose(),
  };
}

/** Tries the pythons that may have torch; undefined if none has. */
async function pytorch(): Promise<Contestant | undefined> {
  const script = fileURLToPath(new URL('./torch-step.py', import.meta.url));
  for (const python of ['python3', '/usr/bin/python3']) {
    const child = spawn(python, [script], {
      stdio: ['pipe', 'pipe', 'ignore'],
      // Set before the libraries start, or BLAS brings threads of its own.
      env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' },
    });
    const lines = createInterface({ input: child.stdout });
    child.on('error', () => lines.close());
    const iterator = lines[Symbol.asyncIterator]();
    const next = async (): Promise<string | undefined> => (await iterator.next()).value;
    const greeting = await next();
    if (!greeting?.startsWith('ready')) continue;
    return {
      name: `${greeting.slice('ready '.length)}, 1 thread`,
      async step(model, steps) {
        child.stdin.write(`${model} ${BATCH} ${steps}\n`);
        const [wall, cpu] = ((await next()) ?? '').split(' ').map(Number);
        return { wall, cpu };
      },
      close: () => child.stdin.end(),
    };
  }
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1];

export async function benchKernels(rounds = 7): Promise<KernelResult[]> {
  const contestants = [await ours(await openSimd('simd'))];
  if (relaxedSimdSupported()) contestants.push(await ours(await openSimd('relaxed')));
  const torch = await pytorch();
  if (torch) contestants.push(torch);
  const results: KernelResult[] = [];
  for (const [model, steps] of Object.entries(MODELS)) {
    const times = contestants.map(() => [] as Time[]);
    for (const contestant of contestants) await contestant.step(model, steps);
    for (let round = 0; round < rounds; round++) {
      for (const [i, contestant] of contestants.entries()) times[i].push(await contestant.step(model, steps));
    }
    contestants.forEach(({ name }, i) => {
      const of = (key: keyof Time) => median(times[i].map((t) => t[key]));
      results.push({ model, contestant: name, wall: of('wall'), cpu: of('cpu'), rounds: times[i] });
    });
  }
  for (const contestant of contestants) contestant.close();
  return results;
}

/** Prints one line per model and contestant; ratios are of median CPU times, to the last contestant. */
export function printKernels(results: KernelResult[]): void {
  console.log(
    'ms per training step, batch 60, Adam: median wall clock, median CPU time, least CPU time, ratio',
  );
  for (const model of Object.keys(MODELS)) {
    const rows = results.filter((r) => r.model === model);
    const last = rows[rows.length - 1];
    for (const r of rows) {
      const numbers = [r.wall, r.cpu, Math.min(...r.rounds.map((t) => t.cpu))];
      const columns = numbers.map((n) => n.toFixed(2).padStart(8)).join(' ');
      console.log(
        `${model.padEnd(14)} ${r.contestant.padEnd(44)} ${columns} ${(r.cpu / last.cpu).toFixed(2)}x`,
      );
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  printKernels(await benchKernels(Number(process.argv[2] ?? 7)));
}
