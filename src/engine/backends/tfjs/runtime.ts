/** TensorFlow.js itself: its gradients, its backend packages, and giving their memory back. */
import * as tf from '@tensorflow/tfjs-core';
import { WinnowError } from '../../../spec/problem';
import type { BackendId } from '../../types';

export type TfjsId = Extract<BackendId, 'webgpu' | 'webgl' | 'wasm' | 'cpu'>;

export const IN_NODE = typeof process !== 'undefined' && Boolean(process.versions?.node);

/** Core comes without gradients. Registries are global, so it does not matter which copy fills them. */
async function registerGradients(): Promise<void> {
  if (tf.getGradient('Conv2D')) return;
  if (!IN_NODE) {
    await import('@tensorflow/tfjs-core/dist/register_all_gradients');
    return;
  }
  // That file is written for bundlers and Node cannot load it; the layers package brings the same ones.
  // The name is kept from the bundler, which would otherwise ship the package to browsers.
  const layers = '@tensorflow/tfjs-layers';
  await import(/* @vite-ignore */ layers);
}

/** Makes a registered backend the current one. TensorFlow.js itself only warns and says false if it fails. */
export async function start(id: TfjsId): Promise<void> {
  await registerGradients();
  if (!(await tf.setBackend(id))) throw unavailable(id, 'TensorFlow.js could not start it');
  // Its advice, printed in Node, to install a native package would spoil the command line's output.
  if (id === 'cpu') (tf.backend() as { firstUse?: boolean }).firstUse = false;
}

/** Frees everything the backend holds; those not made on a device of ours can be started again. */
export function stop(id: TfjsId): void {
  const factory = tf.findBackendFactory(id);
  tf.removeBackend(id);
  if (factory && id !== 'webgpu') tf.registerBackend(id, factory);
}

export const unavailable = (backend: BackendId, reason: string) =>
  new WinnowError({
    code: 'backend.unavailable',
    path: 'backend',
    message: `${backend} is not available here: ${reason}`,
    values: { backend, reason },
  });
