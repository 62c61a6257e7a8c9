/** Data sets on the device, as bytes. Rows are uploaded as they stream in; buffers never change. */
import type { Examples } from '../../../datasets/types';
import type { Gpu } from '../../../kernels/webgpu/gpu';

/** Sets that nobody uses but that may be wanted again, e.g. by the next network. */
const IDLE = 3;

export class DeviceData {
  readonly pixels: GPUBuffer;
  readonly labels: GPUBuffer;
  readonly norm: GPUBuffer;
  readonly #gpu: Gpu;
  readonly #size: number;
  #uploaded = 0;
  users = 0;

  constructor(gpu: Gpu, { total, shape, scale, shift }: Examples) {
    this.#gpu = gpu;
    this.#size = shape[0] * shape[1] * shape[2];
    this.pixels = gpu.buffer('pixels', total * this.#size);
    this.labels = gpu.buffer('labels', total);
    this.norm = gpu.buffer('norm', 8, GPUBufferUsage.UNIFORM);
    gpu.write(this.norm, 0, Float32Array.of(scale, shift));
  }
  /** Uploads the rows that have come in since the last call. */
  update({ count, pixels, labels }: Examples): void {
    if (count <= this.#uploaded) return;
    upload(this.#gpu, this.pixels, pixels, this.#uploaded * this.#size, count * this.#size);
    upload(this.#gpu, this.labels, labels, this.#uploaded, count);
    this.#uploaded = count;
  }
  free(): void {
    this.#gpu.free(this.pixels, this.labels, this.norm);
  }
}

/** Bytes [from, to), widened to whole words, as uploads have to be. */
function upload(gpu: Gpu, buffer: GPUBuffer, bytes: Uint8Array, from: number, to: number): void {
  const start = from & ~3;
  const whole = to & ~3;
  if (whole > start) gpu.write(buffer, start, bytes.subarray(start, whole));
  if (to === whole) return;
  const tail = new Uint8Array(4);
  tail.set(bytes.subarray(whole, to));
  gpu.write(buffer, whole, tail);
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
