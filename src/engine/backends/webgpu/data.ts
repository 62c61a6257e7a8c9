/** Data sets on the device, as bytes. Rows are uploaded as they stream in; buffers never change. */
import type { Examples } from '../../../datasets/types';
import type { Page } from '../../../kernels/gather/wgsl';
import type { Gpu, Region } from '../../../kernels/webgpu/gpu';

/** Sets that nobody uses but that may be wanted again, e.g. by the next network. */
const IDLE = 3;

export class DeviceData {
  /** Several where the device does not allow one buffer to hold all images. */
  readonly pages: readonly (Page & { pixels: Region })[];
  readonly labels: Region;
  readonly norm: Region;
  readonly #gpu: Gpu;
  readonly #size: number;
  #uploaded = 0;
  users = 0;

  constructor(gpu: Gpu, { total, shape, scale, shift }: Examples) {
    this.#gpu = gpu;
    this.#size = shape[0] * shape[1] * shape[2];
    this.pages = pagesOf(total, this.#size, gpu.limit).map((page) => ({
      ...page,
      pixels: gpu.region('pixels', page.count * this.#size),
    }));
    this.labels = gpu.region('labels', total);
    this.norm = gpu.region('norm', 8, 1, GPUBufferUsage.UNIFORM);
    gpu.write(this.norm, 0, Float32Array.of(scale, shift));
  }
  /** Uploads the rows that have come in since the last call. */
  update({ count, pixels, labels }: Examples): void {
    if (count <= this.#uploaded) return;
    const size = this.#size;
    for (const page of this.pages) {
      const from = Math.max(0, this.#uploaded - page.first);
      const to = Math.min(page.count, count - page.first);
      const bytes = pixels.subarray(page.first * size, (page.first + page.count) * size);
      if (to > from) upload(this.#gpu, page.pixels, bytes, from * size, to * size);
    }
    upload(this.#gpu, this.labels, labels, this.#uploaded, count);
    this.#uploaded = count;
  }
  free(): void {
    this.#gpu.free(...this.pages.map(({ pixels }) => pixels), this.labels, this.norm);
  }
}

/** Images in runs whose bytes fit into `limit`; every page but the last holds a multiple of 4 images. */
export function pagesOf(total: number, size: number, limit: number): Page[] {
  const most = Math.max(4, Math.floor((limit - 16) / size / 4) * 4);
  const pages: Page[] = [];
  for (let first = 0; first < total; first += most) {
    pages.push({ first, count: Math.min(most, total - first) });
  }
  return pages;
}

/** Bytes [from, to), widened to whole words, as uploads have to be. */
function upload(gpu: Gpu, region: Region, bytes: Uint8Array, from: number, to: number): void {
  const start = from & ~3;
  const whole = to & ~3;
  if (whole > start) gpu.write(region, start, bytes.subarray(start, whole));
  if (to === whole) return;
  const tail = new Uint8Array(4);
  tail.set(bytes.subarray(whole, to));
  gpu.write(region, whole, tail);
}

/** Shared by all networks of a backend, so that a set is uploaded once. */
export class DataSets {
  readonly #gpu: Gpu;
  /** By the array of pixels, least recently used first. */
  readonly #sets = new Map<Uint8Array, DeviceData>();
  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }
  /** With all rows that are loaded; the caller counts itself among the users. */
  take(examples: Examples): DeviceData {
    const data = this.#sets.get(examples.pixels) ?? new DeviceData(this.#gpu, examples);
    this.#sets.delete(examples.pixels);
    this.#sets.set(examples.pixels, data);
    data.update(examples);
    return data;
  }
  /** Frees what has been idle longest. */
  trim(keep = IDLE): void {
    const idle = [...this.#sets].filter(([, data]) => data.users === 0);
    for (const [pixels, data] of idle.slice(0, Math.max(0, idle.length - keep))) {
      this.#sets.delete(pixels);
      data.free();
    }
  }
}
