/** TensorFlow.js on a GPUDevice of ours, whose errors are noticed. */
import * as tf from '@tensorflow/tfjs-core';
import type { WinnowError } from '../../../spec/problem';
import { openDevice } from '../../device/gpu';
import type { Guard } from './network';

export interface Gpu {
  name: string;
  /** To be run once tf has been told to stop; the loss it causes is no accident. */
  destroy(): void;
  guard: Guard;
}

/** Registers `webgpu` on a device of ours. `onLost` as for `openDevice`. */
export async function registerWebgpu(onLost?: (error: WinnowError) => void): Promise<Gpu> {
  const { device, info, name, guard } = await openDevice(onLost);
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, info), 10);
  return { name, destroy: () => device.destroy(), guard };
}
