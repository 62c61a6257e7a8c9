/**
 * Our own GPUDevice: features and limits for our kernels, and errors that are noticed. Shared by our executor
 * and by TensorFlow.js, which by itself carries on after an error and returns what was left in its buffers.
 */
import type { Guard } from '../../kernels/webgpu/gpu';
import { WinnowError } from '../../spec/problem';
import { adapterName, isSoftware, requestAdapter, saysFallback } from './adapter';

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

export interface OpenDevice {
  device: GPUDevice;
  info: GPUAdapterInfo;
  /** e.g. `WebGPU apple metal-3`. */
  name: string;
  software: boolean;
  guard: Guard;
}

/**
 * `onLost` is told once, when the device is lost or reports an error; from then on every guarded promise rejects
 * with the same WinnowError.
 * @throws WinnowError `backend.unavailable` without an adapter.
 */
export async function openDevice(onLost?: (error: WinnowError) => void): Promise<OpenDevice> {
  const adapter = await requestAdapter();
  if (!adapter) {
    throw new WinnowError({
      code: 'backend.unavailable',
      path: 'backend',
      message: 'webgpu is not available here: the browser offers no GPU adapter',
      values: { id: 'webgpu' },
    });
  }
  const device = await adapter.requestDevice({
    requiredFeatures: FEATURES.filter((f) => adapter.features.has(f)),
    requiredLimits: Object.fromEntries(LIMITS.map((l) => [l, adapter.limits[l]])),
  });
  const fallback = saysFallback(adapter);
  return {
    device,
    info: adapter.info,
    name: adapterName(adapter.info, fallback),
    software: isSoftware(adapter.info, fallback),
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
    fail('gpu.lost', `the GPU device was lost (${message || reason || 'no reason given'})`, message);
  });
  return async (work) => {
    const value = await Promise.race([work, failed]);
    if (failure) throw failure;
    return value;
  };
}
