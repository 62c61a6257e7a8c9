/**
 * TensorFlow.js autodiff as a `Backend`: correct for every network, on every device it knows, and slow for
 * small networks. The fallback where the own executors do not run, and the oracle in tests.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Arch } from '../../models/types';
import { WinnowError } from '../../spec/problem';
import { probeWebgl } from '../device/webgl';
import { hostName } from '../host';
import type { Backend } from '../types';
import { type Guard, TfjsNetwork } from './tfjs/network';
import { start, stop, type TfjsId, unavailable } from './tfjs/runtime';
import { prepareWasm } from './tfjs/wasm';
import { registerWebgpu } from './tfjs/webgpu';

export type { TfjsId };
export interface TfjsBackend extends Backend {
  readonly id: TfjsId;
  /** Tensors alive and their bytes: constant while training, zero when all networks are disposed of. */
  memory(): { tensors: number; bytes: number };
}
export interface TfjsOptions {
  /** Told once when the GPU is lost or reports an error; every later call rejects with the same error. */
  onLost?(error: WinnowError): void;
}
/** What `start` needs and what is known of the device once its package is in. */
interface Prepared {
  device: string;
  guard: Guard;
  release(): void;
}

let current: TfjsId | null = null;

/**
 * Starts a TensorFlow.js backend. It keeps one global state, so only one may be open at a time, and one job
 * may run at a time.
 * @throws WinnowError `backend.unavailable` when this device does not have it.
 */
export async function openTfjs(id: TfjsId, options: TfjsOptions = {}): Promise<TfjsBackend> {
  if (current) throw busy(id, current);
  current = id;
  let prepared: Prepared | undefined;
  try {
    prepared = await prepare(id, options);
    await start(id);
    return backendOf(id, prepared);
  } catch (error) {
    prepared?.release();
    current = null;
    throw error;
  }
}

function backendOf(id: TfjsId, { device, guard, release }: Prepared): TfjsBackend {
  const networks = new Set<TfjsNetwork>();
  let disposed = false;
  return {
    id,
    device,
    async open(arch: Arch) {
      if (disposed) throw unavailable(id, 'it was disposed of');
      const network = new TfjsNetwork(arch, guard);
      networks.add(network);
      return network;
    },
    memory() {
      const { numTensors, numBytes } = tf.memory();
      return { tensors: numTensors, bytes: numBytes };
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      for (const network of networks) network.dispose();
      stop(id);
      release();
      current = null;
    },
  };
}

const PREPARE: Record<TfjsId, (options: TfjsOptions) => Promise<Prepared>> = {
  async webgpu({ onLost }) {
    const gpu = await registerWebgpu(onLost);
    return { device: gpu.name, guard: gpu.guard, release: gpu.destroy };
  },
  async webgl() {
    const { renderer, fault } = probeWebgl();
    if (fault) throw unavailable('webgl', fault);
    await import('@tensorflow/tfjs-backend-webgl');
    // The user has chosen it, so a slow one is still what was asked for.
    tf.env().set('SOFTWARE_WEBGL_ENABLED', true);
    return plain(`WebGL ${renderer}`);
  },
  async wasm() {
    await prepareWasm();
    return plain(`CPU WASM, TensorFlow.js (${hostName()})`);
  },
  async cpu() {
    await import('@tensorflow/tfjs-backend-cpu');
    return plain(`CPU JavaScript, TensorFlow.js (${hostName()})`);
  },
};
const prepare = (id: TfjsId, options: TfjsOptions) => PREPARE[id](options);
const plain = (device: string): Prepared => ({ device, guard: (work) => work, release: () => {} });

const busy = (id: TfjsId, open: TfjsId) =>
  new WinnowError({
    code: 'engine.misuse',
    path: 'backend',
    message: `dispose of the ${open} backend before opening ${id}: TensorFlow.js runs one at a time`,
  });
