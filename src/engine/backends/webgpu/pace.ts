/**
 * How much goes into one submit: enough that the device is not waiting for JavaScript, little enough that the
 * page gets its turn and no driver thinks that the GPU hangs.
 */
import type { Gpu } from '../../../kernels/webgpu/gpu';

const TARGET_MS = 16;
const IN_FLIGHT = 3;
const MOST = 512;

export class Pace {
  readonly #gpu: Gpu;
  readonly #flight: Promise<void>[] = [];
  #size = 1;
  #finished = 0;

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }
  /** Submits `count` units of work in several submits; `encode` is given the number of each unit. */
  async run(count: number, encode: (pass: GPUComputePassEncoder, unit: number) => void): Promise<void> {
    for (let at = 0; at < count; ) {
      while (this.#flight.length >= IN_FLIGHT) await this.#flight[0];
      const size = Math.min(this.#size, count - at);
      const submitted = performance.now();
      this.#gpu.submit((pass) => {
        for (let i = 0; i < size; i++) encode(pass, at + i);
      });
      at += size;
      this.#watch(size, submitted);
    }
  }
  #watch(size: number, submitted: number): void {
    const done = this.#gpu.done().then(() => {
      this.#flight.shift();
      const now = performance.now();
      // While another submit was running this one was waiting.
      const ms = now - Math.max(submitted, this.#finished);
      this.#finished = now;
      const wanted = Math.floor((size * TARGET_MS) / Math.max(ms, 0.1));
      this.#size = Math.max(1, Math.min(MOST, wanted, 2 * size));
    });
    done.catch(() => {}); // Whoever waits for the results hears of it.
    this.#flight.push(done);
  }
  /** When all that was submitted is done. */
  async idle(): Promise<void> {
    await Promise.all(this.#flight);
  }
}
