/** Which backends this machine has and what they run on. Opens nothing and imports no executor. */
import { simdSupported } from '../../kernels/simd/detect';
import type { DeviceOption } from '../../worker/api';
import { hostName } from '../host';
import type { BackendId } from '../types';
import { adapterName, gpu, isSoftware, requestAdapter, saysFallback } from './adapter';
import { probeWebgl } from './webgl';

export interface Probe {
  options: DeviceOption[];
  /** True if WebGPU runs on a real GPU: only then is it worth a race against the CPU. */
  hardwareGpu: boolean;
}

export async function probeDevices(): Promise<Probe> {
  const webgpu = await probeWebgpu();
  const option = (id: BackendId, available: boolean, detail: string) => ({ id, available, detail });
  const wasm = typeof WebAssembly === 'object';
  const simd = wasm && simdSupported();
  const options = [
    option('webgpu', webgpu.available, webgpu.detail),
    option(
      'tfjs-webgpu',
      webgpu.available,
      webgpu.available ? `${webgpu.name}, TensorFlow.js: slower than our own kernels` : webgpu.detail,
    ),
    webglOption(),
    option('simd', simd, simd ? `CPU SIMD (${hostName()})` : 'no SIMD in WebAssembly here'),
    option('wasm', wasm, wasm ? 'CPU, TensorFlow.js in WebAssembly' : 'no WebAssembly here'),
    option('cpu', true, 'CPU, TensorFlow.js in JavaScript: very slow'),
    option('reference', true, 'CPU, plain loops for checking: very slow'),
  ];
  return { options, hardwareGpu: webgpu.hardware };
}

async function probeWebgpu() {
  const none = (detail: string) => ({ available: false, hardware: false, name: '', detail });
  if (!gpu()) return none('no WebGPU here');
  const adapter = await requestAdapter();
  if (!adapter) return none('WebGPU found no GPU it can use');
  const fallback = saysFallback(adapter);
  const software = isSoftware(adapter.info, fallback);
  const name = adapterName(adapter.info, fallback);
  return {
    available: true,
    hardware: !software,
    name,
    detail: software ? `${name}: slower than the CPU` : name,
  };
}
function webglOption(): DeviceOption {
  const { renderer, fault, software } = probeWebgl();
  const detail = fault || `WebGL ${renderer}${software ? ' (software)' : ''}`;
  return { id: 'webgl', available: !fault, detail };
}
