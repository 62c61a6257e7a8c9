/**
 * Our own GPUDevice under the webgpu backend: features and limits for later kernels, and errors that are
 * noticed. TensorFlow.js by itself carries on after an error and returns what was left in its buffers.
 */
import * as tf from '@tensorflow/tfjs-core';
import { WinnowError } from '../../../spec/problem';
import { adapterName, requestAdapter, saysFallback } from '../../device/adapter';
import type { Guard } from './network';
import { unavailable } from './runtime';

const FEATURES = ['timestamp-query', 'shader-f16', 'subgroups'] as const;
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupsPerDimension',
] as const;

export interface Gpu {
  name: string;
  /** To be run once tf has been told to stop; the loss it causes is no accident. */
  destroy(): void;
  guard: Guard;
}

/**
 * Registers `webgpu` on a device of ours. `onLost` is told once, when the device is lost or reports an
 * error; from then on every guarded promise rejects with the same WinnowError.
 */
export async function registerWebgpu(onLost?: (error: WinnowError) => void): Promise<Gpu> {
  const adapter = await requestAdapter();
  if (!adapter) throw unavailable('webgpu', 'the browser offers no GPU adapter');
  const device = await adapter.requestDevice({
    requiredFeatures: FEATURES.filter((f) => adapter.features.has(f)),
    requiredLimits: Object.fromEntries(LIMITS.map((l) => [l, adapter.limits[l]])),
  });
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  tf.removeBackend('webgpu');
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info), 10);
  return {
    name: adapterName(adapter.info, saysFallback(adapter)),
    destroy: () => device.destroy(),
    guard: guardOf(device, onLost),
  };
}

/** Watches a device; exported for its test. */
export function guardOf(
  device: Pick<GPUDevice, 'addEventListener' | 'lost'>,
  onLost?: (error: WinnowError) => void,
): Guard {
  let failure: WinnowError | null = null;
  let reject: (error: WinnowError) => void = () => {};
  const failed = new Promise<never>((_, r) => {
    reject = r;
  });
  failed.catch(() => {}); // Nobody may be waiting when it happens.
  const fail = (code: string, message: string, detail: string) => {
    if (failure) return;
    failure = new WinnowError({ code, path: 'backend', message, values: { detail } });
    reject(failure);
    onLost?.(failure);
  };
  device.addEventListener('uncapturederror', (event) => {
    const detail = event.error.message;
    fail('gpu.error', `the GPU refused a command, so its results cannot be trusted: ${detail}`, detail);
  });
  void device.lost.then(({ reason, message }) => {
    if (reason === 'destroyed') return;
    const hint = 'choose another backend or reload the page';
    fail('gpu.lost', `the GPU device was lost (${message || reason || 'no reason given'}); ${hint}`, message);
  });
  return async (work) => {
    const value = await Promise.race([work, failed]);
    if (failure) throw failure;
    return value;
  };
}
