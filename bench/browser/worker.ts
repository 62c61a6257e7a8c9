/** One backend in one worker: trains networks step by step and counts what a step costs beside time. */
import * as tf from '@tensorflow/tfjs-core';
import { expose } from 'comlink';
import { fetchReader } from '../../src/datasets/fetch';
import { openDataset } from '../../src/datasets/open';
import type { Dataset, TrainExamples } from '../../src/datasets/types';
import { openSimd } from '../../src/engine/backends/simd';
import { openTfjs } from '../../src/engine/backends/tfjs';
import { openWebgpu } from '../../src/engine/backends/webgpu';
import { dataOrder } from '../../src/engine/order';
import { initialState } from '../../src/engine/state';
import type { Backend, Network, Training } from '../../src/engine/types';
import { Gpu } from '../../src/kernels/webgpu/gpu';
import { modelById } from '../../src/models/registry';
import type { Arch } from '../../src/models/types';

export type ContestantId =
  | 'simd'
  | 'webgpu'
  | 'webgpu-null'
  | 'tfjs-webgpu'
  | 'tfjs-webgpu-null'
  | 'tfjs-webgl'
  | 'tfjs-wasm'
  | 'tfjs-cpu';
export interface Task {
  model: string;
  data: string;
  shape: [number, number, number];
  batch: number;
}
/** All per step. */
export interface Cost {
  ms: number;
  /** In JavaScript, recording and submitting work for a GPU; undefined where the CPU does all of it. */
  js?: number;
  /** Work given to the device: dispatches, draw calls, calls into WASM, or TensorFlow.js kernels on a CPU. */
  launches: number;
  /** Newly allocated for tensors: TensorFlow.js's own count, or growth of our memory and buffers. */
  bytes: number;
}

const ADAM = { kind: 'adam', lr: 1.2e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;
const SEEDS = { init: 1, order: 1, method: 1 };

/** What this worker has asked of its device so far. */
const seen = { launches: 0, bytes: 0, js: 0 };

/** Replaces a method by one that first tells `before`. */
// biome-ignore lint/suspicious/noExplicitAny: any method of any class
function watch(type: any, name: string, before: (...args: any[]) => void): void {
  const original = type?.prototype[name];
  if (!original) return;
  type.prototype[name] = function (...args: unknown[]) {
    before(...args);
    return original.apply(this, args);
  };
}
const launch = () => {
  seen.launches++;
};
const global = globalThis as unknown as Record<string, unknown>;
watch(global.GPUComputePassEncoder, 'dispatchWorkgroups', launch);
watch(global.WebGL2RenderingContext, 'drawElements', launch);
watch(global.WebGL2RenderingContext, 'drawArrays', launch);

/** Buffers, memory and calls of our own executors, counted where they pass. */
function watchOurs(): void {
  watch(global.GPUDevice, 'createBuffer', ({ size }: { size: number }) => {
    seen.bytes += size;
  });
  watch(WebAssembly.Memory, 'grow', (pages: number) => {
    seen.bytes += pages * 65536;
  });
  const instantiate = WebAssembly.instantiate as (...args: unknown[]) => Promise<WebAssembly.Instance>;
  Object.assign(WebAssembly, {
    async instantiate(...args: unknown[]) {
      const instance = await instantiate(...args);
      const counted = Object.entries(instance.exports).map(([name, value]) => [
        name,
        typeof value === 'function'
          ? (...values: unknown[]) => {
              seen.launches++;
              return value(...values);
            }
          : value,
      ]);
      return { exports: Object.fromEntries(counted) };
    },
  });
  const timed = (name: 'submit' | 'write') => {
    const original = Gpu.prototype[name] as (...args: unknown[]) => void;
    Object.assign(Gpu.prototype, {
      [name](this: Gpu, ...args: unknown[]) {
        const start = performance.now();
        original.apply(this, args);
        seen.js += performance.now() - start;
      },
    });
  };
  timed('submit');
  timed('write');
}
/** Commands are recorded and thrown away: what is left is the time that the CPU needs to ask for a step. */
function withoutDevice(): void {
  const queue = global.GPUQueue as { prototype: { submit(): void } } | undefined;
  if (queue) queue.prototype.submit = () => {};
}

async function openBackend(id: ContestantId): Promise<Backend> {
  if (id.endsWith('-null')) withoutDevice();
  if (!id.startsWith('tfjs')) watchOurs();
  if (id === 'simd') return openSimd();
  if (id.startsWith('webgpu')) return openWebgpu();
  return openTfjs(id.replace('tfjs-', '').replace('-null', '') as 'webgpu' | 'webgl' | 'wasm' | 'cpu');
}

let backend: Backend;
let id: ContestantId;
const datasets = new Map<string, Dataset>();
let current: { key: string; network: Network; training: Training } | null = null;

async function open(name: string): Promise<Dataset> {
  let dataset = datasets.get(name);
  if (!dataset) {
    dataset = openDataset(name, fetchReader(`/data/${name}/`, name));
    datasets.set(name, dataset);
  }
  await dataset.complete;
  return dataset;
}
/** Real images where they are at hand, else noise that is the same for all. */
async function examplesOf({ data, shape }: Task): Promise<TrainExamples> {
  const real = await open(data).catch(() => undefined);
  if (real) return real.train;
  const count = 512;
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  };
  const pixels = Uint8Array.from({ length: count * shape[0] * shape[1] * shape[2] }, next);
  const labels = Uint8Array.from({ length: count }, () => next() % 10);
  return { split: 'train', count, total: count, pixels, labels, shape, scale: 1 / 255, shift: 0 };
}

async function begin(arch: Arch, { batch }: Task, examples: TrainExamples) {
  const network = await backend.open(arch);
  await network.load(initialState(arch, SEEDS, 0));
  const indices = dataOrder(examples.total, batch, SEEDS.order, 0, 0);
  return { network, training: network.train({ examples, batch, optimizer: ADAM, indices }) };
}
async function trainingOf(task: Task): Promise<Training> {
  const key = JSON.stringify(task);
  if (current?.key !== key) {
    current?.network.dispose();
    current = null;
    const arch = modelById(task.model).build(task.shape, 10);
    current = { key, ...(await begin(arch, task, await examplesOf(task))) };
  }
  return current.training;
}

const contestant = {
  /** @returns the device's name */
  async open(which: ContestantId): Promise<string> {
    id = which;
    backend = await openBackend(which);
    return backend.device;
  },
  /** One step, which makes everything that is made once. */
  async warmUp(task: Task): Promise<void> {
    await (await trainingOf(task)).run(1);
  },
  /** Time of that many steps. */
  async time(task: Task, steps: number): Promise<Pick<Cost, 'ms' | 'js'>> {
    const training = await trainingOf(task);
    const before = seen.js;
    const start = performance.now();
    const running = training.run(steps);
    // TensorFlow.js records all of a step before it first waits; ours records inside of submits.
    const recorded = performance.now() - start;
    await running;
    const ms = (performance.now() - start) / steps;
    if (id.startsWith('webgpu')) return { ms, js: (seen.js - before) / steps };
    const gpu = id === 'tfjs-webgl' || id.startsWith('tfjs-webgpu');
    return gpu && steps === 1 ? { ms, js: recorded } : { ms };
  },
  /** What a step asks for; apart from `time`, since counting costs time too. */
  async count(task: Task, steps: number): Promise<Pick<Cost, 'launches' | 'bytes'>> {
    const training = await trainingOf(task);
    const before = { ...seen };
    if (!id.startsWith('tfjs')) {
      await training.run(steps);
      return {
        launches: (seen.launches - before.launches) / steps,
        bytes: (seen.bytes - before.bytes) / steps,
      };
    }
    const { kernels } = await tf.profile(() => training.run(1) as unknown as tf.TensorContainer);
    const bytes = kernels.reduce((sum, k) => sum + Math.max(0, k.bytesAdded), 0);
    const drawn = seen.launches - before.launches;
    return { launches: drawn || kernels.length, bytes };
  },
  /** Seconds of training until the validation accuracy, looked at every 100 steps, is at least `wanted`. */
  async reach(
    task: Task,
    wanted: number,
    budget: number,
  ): Promise<{ seconds: number; steps: number } | null> {
    const { train, val } = await open(task.data);
    const { network, training } = await begin(modelById(task.model).build(task.shape, 10), task, train);
    try {
      const began = performance.now();
      let seconds = 0;
      for (let steps = 100; performance.now() - began < budget * 1000; steps += 100) {
        const start = performance.now();
        await training.run(100);
        seconds += (performance.now() - start) / 1000;
        const { correct, count } = await network.evaluate(val, 0, val.total);
        if (correct / count >= wanted) return { seconds, steps };
      }
      return null;
    } finally {
      network.dispose();
    }
  },
};
export type Contestant = typeof contestant;
expose(contestant);
