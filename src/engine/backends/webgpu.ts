/** The plan on WebGPU by our own fused kernels: the path that trains where there is a graphics card. */
import type { VariantId } from '../../kernels/webgpu/gemm';
import { Gpu, type GpuStats, type Notes } from '../../kernels/webgpu/gpu';
import type { Arch } from '../../models/types';
import type { WinnowError } from '../../spec/problem';
import { openDevice } from '../device/gpu';
import type { Backend } from '../types';
import { deployer } from './deployed';
import type { PackedLayers } from './layout';
import { misuse } from './network';
import { compilePlan } from './plan';
import { DataSets } from './webgpu/data';
import { WebgpuNetwork } from './webgpu/network';
import type { Way } from './webgpu/race';
import { Stack } from './webgpu/stack';

export interface WebgpuOptions {
  /** Told once when the GPU is lost or reports an error; every later call rejects with the same error. */
  onLost?(error: WinnowError): void;
  /** Forces this kind of matrix product instead of the fastest one on this device; for tests and benchmarks. */
  variant?: VariantId;
  /** Forces this way of training several networks together; for tests and benchmarks. */
  way?: Way;
  /** Bytes of one buffer at most, if less than the device allows; for tests. */
  limit?: number;
  /** What was found out about devices before, by the device's name; absent: nothing is remembered. */
  notes?(device: string): Promise<Notes>;
}
export interface WebgpuBackend extends Backend {
  readonly id: 'webgpu';
  /** Buffers alive and their bytes, and what was done so far. */
  stats(): GpuStats;
  /** Fastest kind of matrix product by shape, as far as it has been asked. */
  variants(): Readonly<Record<string, VariantId>>;
  open(arch: Arch): Promise<WebgpuNetwork>;
  readonly together: { width(arch: Arch): number; open(arch: Arch, count: number): Promise<WebgpuNetwork[]> };
}

/** Work that a lost device may cost; reading everything back takes some milliseconds. */
const KEEP_MS = 3000;
/** Of one network while it trains; more side by side keep a GPU no busier. */
const TOGETHER = { bytes: 2 ** 30, networks: 4, batch: 128 };
/** Roughly: weights, moments and masks, activations and their gradients. */
function bytesOf(arch: Arch): number {
  const { stages, inputSize, arena } = compilePlan(arch);
  const activations = stages.reduce((sum, { outSize }) => sum + outSize, inputSize);
  return 4 * (8 * arena + 1.5 * TOGETHER.batch * activations) + 32e6;
}

/** @throws WinnowError `backend.unavailable` when the browser has no adapter. */
export async function openWebgpu(options: WebgpuOptions = {}): Promise<WebgpuBackend> {
  const { onLost, variant, way, limit } = options;
  const { device, name, info, software, guard } = await openDevice(onLost);
  const key = [info.vendor, info.architecture, info.device, info.description].join('|');
  const notes = await options.notes?.(key);
  const gpu = new Gpu({ device, guard, software, variant, limit, notes });
  const sets = new DataSets(gpu);
  const networks = new Set<WebgpuNetwork>();
  let disposed = false;
  const openTogether = async (arch: Arch, count: number, forms?: PackedLayers): Promise<WebgpuNetwork[]> => {
    if (disposed) throw misuse('the webgpu backend was disposed of');
    const stack = new Stack(gpu, compilePlan(arch), count, way);
    const made = Array.from({ length: count }, (_, index) => {
      const onDispose = () => networks.delete(network);
      const network: WebgpuNetwork = new WebgpuNetwork(arch, stack, index, sets, onDispose, forms);
      networks.add(network);
      return network;
    });
    try {
      for (const network of made) await network.prepare();
    } catch (error) {
      for (const network of made) network.dispose();
      throw error;
    }
    return made;
  };
  return {
    id: 'webgpu',
    device: name,
    open: async (arch) => (await openTogether(arch, 1))[0],
    together: {
      width: (arch) => Math.max(1, Math.min(TOGETHER.networks, Math.floor(TOGETHER.bytes / bytesOf(arch)))),
      open: (arch, count) => openTogether(arch, count),
    },
    deploy: deployer(async (arch, forms) => (await openTogether(arch, 1, forms))[0]),
    keepMs: KEEP_MS,
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
