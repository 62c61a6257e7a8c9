/** The plan on WebGPU by our own fused kernels: the path that trains where there is a graphics card. */
import type { VariantId } from '../../kernels/webgpu/gemm';
import { Gpu, type GpuStats } from '../../kernels/webgpu/gpu';
import type { Arch } from '../../models/types';
import type { WinnowError } from '../../spec/problem';
import { openDevice } from '../device/gpu';
import type { Backend } from '../types';
import { misuse } from './network';
import { DataSets } from './webgpu/data';
import { WebgpuNetwork } from './webgpu/network';

export interface WebgpuOptions {
  /** Told once when the GPU is lost or reports an error; every later call rejects with the same error. */
  onLost?(error: WinnowError): void;
  /** Forces this kind of matrix product instead of the fastest one on this device; for tests and benchmarks. */
  variant?: VariantId;
}
export interface WebgpuBackend extends Backend {
  readonly id: 'webgpu';
  /** Buffers alive and their bytes, and what was done so far. */
  stats(): GpuStats;
  /** Fastest kind of matrix product by shape, as far as it has been asked. */
  variants(): Readonly<Record<string, VariantId>>;
  open(arch: Arch): Promise<WebgpuNetwork>;
}

/** @throws WinnowError `backend.unavailable` when the browser has no adapter. */
export async function openWebgpu({ onLost, variant }: WebgpuOptions = {}): Promise<WebgpuBackend> {
  const { device, name, software, guard } = await openDevice(onLost);
  const gpu = new Gpu({ device, guard, software, variant });
  const sets = new DataSets(gpu);
  const networks = new Set<WebgpuNetwork>();
  let disposed = false;
  return {
    id: 'webgpu',
    device: name,
    async open(arch) {
      if (disposed) throw misuse('the webgpu backend was disposed of');
      const network = new WebgpuNetwork(arch, gpu, sets, () => networks.delete(network));
      networks.add(network);
      try {
        await network.prepare();
      } catch (error) {
        network.dispose();
        throw error;
      }
      return network;
    },
    stats: () => ({ ...gpu.stats }),
    variants: () => gpu.variants,
    dispose() {
      if (disposed) return;
      disposed = true;
      for (const network of networks) network.dispose();
      sets.trim(0);
      gpu.dispose();
    },
  };
}
