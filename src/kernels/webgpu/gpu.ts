/**
 * What kernels run on: a device with its buffers counted, its pipelines kept, and the variant of every matrix
 * product chosen by the clock. Knows nothing of networks.
 */
import { WinnowError } from '../../spec/problem';
import { type Gemm, gemmKernel, VARIANTS, type VariantId } from './gemm';
import type { Kernel } from './kernel';

/** Rejects when the device is gone or has reported an error; otherwise gives what the promise gives. */
export type Guard = <T>(work: Promise<T>) => Promise<T>;

export interface GpuOptions {
  device: GPUDevice;
  guard: Guard;
  /** A CPU plays the GPU: it waits long at barriers and compiles slowly, so there is no race of variants. */
  software: boolean;
  /** Skips the choice: every matrix product takes this one. */
  variant?: VariantId;
}
export interface GpuStats {
  /** Alive now. */
  buffers: number;
  bytes: number;
  /** Since the device was opened. */
  dispatches: number;
  submits: number;
  pipelines: number;
}
/** A kernel with its buffers: made once, encoded many times. */
export interface Command {
  readonly kernel: Kernel;
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
}

/** Products below this many multiply-accumulates are not worth a race. */
const SMALL = 1 << 20;
const ROUNDS = 4;
const REPETITIONS = 20;
/** Images of a forward pass that is timed: as in a training batch. */
const TIMED_IMAGES = 64;
const DEFAULT: VariantId = 'block4x4';

export class Gpu {
  readonly device: GPUDevice;
  readonly guard: Guard;
  readonly stats: GpuStats = { buffers: 0, bytes: 0, dispatches: 0, submits: 0, pipelines: 0 };
  readonly #options: GpuOptions;
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>();
  readonly #variants = new Map<string, VariantId>();
  #staging: GPUBuffer | null = null;

  constructor(options: GpuOptions) {
    this.#options = options;
    this.device = options.device;
    this.guard = options.guard;
  }

  /**
   * Zeros, rounded up to a vector. Storage that can be written to and read back, or a uniform.
   * @throws WinnowError `gpu.memory` above the device's limit for one buffer.
   */
  buffer(label: string, bytes: number, usage = GPUBufferUsage.STORAGE): GPUBuffer {
    const size = Math.max(16, Math.ceil(bytes / 16) * 16);
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits;
    const limit = Math.min(maxBufferSize, maxStorageBufferBindingSize);
    if (size > limit) {
      throw new WinnowError({
        code: 'gpu.memory',
        path: 'backend',
        message: `${label} needs ${size} bytes, this GPU allows ${limit} in one piece; choose another backend`,
        values: { size, limit },
      });
    }
    this.stats.buffers++;
    this.stats.bytes += size;
    const { COPY_SRC, COPY_DST } = GPUBufferUsage;
    return this.device.createBuffer({ label, size, usage: usage | COPY_SRC | COPY_DST });
  }
  free(...buffers: (GPUBuffer | null | undefined)[]): void {
    for (const buffer of buffers) {
      if (!buffer) continue;
      this.stats.buffers--;
      this.stats.bytes -= buffer.size;
      buffer.destroy();
    }
  }

  /** Compiles once per code. */
  async command(kernel: Kernel, buffers: readonly GPUBuffer[]): Promise<Command> {
    if (buffers.length !== kernel.bindings) {
      throw new Error(`${kernel.label} has ${kernel.bindings} bindings, got ${buffers.length} buffers`);
    }
    let compiling = this.#pipelines.get(kernel.code);
    if (!compiling) {
      this.stats.pipelines++;
      compiling = this.guard(this.#compile(kernel));
      this.#pipelines.set(kernel.code, compiling);
    }
    const pipeline = await compiling;
    const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
    const group = this.device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
    return { kernel, pipeline, group };
  }
  async #compile({ label, code }: Kernel): Promise<GPUComputePipeline> {
    const module = this.device.createShaderModule({ label, code });
    return this.device.createComputePipelineAsync({
      label,
      layout: 'auto',
      compute: { module, entryPoint: 'main' },
    });
  }

  /** The fastest variant of a matrix product for these shapes; what the buffers hold afterwards is of no use. */
  async product(g: Gemm, buffers: readonly GPUBuffer[]): Promise<Command> {
    const key = `${g.label} ${g.m} ${g.reads.outer} ${g.splits ?? 1}`;
    const known = this.#options.variant ?? this.#variants.get(key);
    if (known) return this.command(gemmKernel(g, known), buffers);
    const images = g.perImage ? Math.min(g.m / g.perImage, TIMED_IMAGES) : 1;
    const work = (g.perImage ? images * g.perImage : g.m) * g.n * g.reads.outer * g.reads.inner;
    const chosen = await this.#choose(g, work, buffers, images);
    this.#variants.set(key, chosen);
    return this.command(gemmKernel(g, chosen), buffers);
  }
  async #choose(g: Gemm, work: number, buffers: readonly GPUBuffer[], images: number): Promise<VariantId> {
    if (work < SMALL) return DEFAULT;
    if (!this.#options.software) return this.#race(g, buffers, images);
    // Compiling takes a software adapter longer than a race could win back. Large blocks have been faster there.
    return g.reads.outer === 1 ? 'block8x8few' : DEFAULT;
  }
  /** Least time of a few rounds; contestants take turns, so that a GPU that is waking up is unfair to none. */
  async #race(g: Gemm, buffers: readonly GPUBuffer[], images: number): Promise<VariantId> {
    const most = this.device.limits.maxComputeInvocationsPerWorkgroup;
    const runners = (Object.keys(VARIANTS) as VariantId[]).filter((id) => {
      const v = VARIANTS[id];
      // Convolutions in blocks of 8 rows take some compilers longer than a minute.
      if (v.style === 'block') return v.rows < 8 || g.reads.outer === 1;
      return v.threads ** 2 <= most;
    });
    const commands = await Promise.all(runners.map((id) => this.command(gemmKernel(g, id), buffers)));
    const time = async (command: Command, times: number) => {
      const start = performance.now();
      this.submit((pass) => {
        for (let i = 0; i < times; i++) this.encode(pass, command, images);
      });
      await this.done();
      return performance.now() - start;
    };
    const least = new Array<number>(runners.length).fill(Number.POSITIVE_INFINITY);
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, command] of commands.entries()) {
        // The first round only warms up. A browser's clock is coarse, so one measurement is many dispatches.
        const ms = await time(command, round === 0 ? 1 : REPETITIONS);
        if (round > 0) least[i] = Math.min(least[i], ms);
      }
    }
    return runners[least.indexOf(Math.min(...least))];
  }
  /** What was chosen so far, by shape. */
  get variants(): Readonly<Record<string, VariantId>> {
    return Object.fromEntries(this.#variants);
  }

  encode(pass: GPUComputePassEncoder, { kernel, pipeline, group }: Command, images: number): void {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(...kernel.groups(images));
    this.stats.dispatches++;
  }
  submit(passes: (pass: GPUComputePassEncoder) => void): void {
    const encoder = this.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    passes(pass);
    pass.end();
    this.stats.submits++;
    this.device.queue.submit([encoder.finish()]);
  }
  done(): Promise<undefined> {
    return this.guard(this.device.queue.onSubmittedWorkDone() as Promise<undefined>);
  }
  write(buffer: GPUBuffer, offset: number, data: ArrayBufferView): void {
    this.device.queue.writeBuffer(
      buffer,
      offset,
      data.buffer as ArrayBuffer,
      data.byteOffset,
      data.byteLength,
    );
  }

  /** A copy of the first `bytes` of a buffer, after all work submitted so far. One read at a time. */
  async read(buffer: GPUBuffer, bytes: number): Promise<ArrayBuffer> {
    const size = Math.ceil(bytes / 4) * 4;
    if (!this.#staging || this.#staging.size < size) {
      this.free(this.#staging);
      this.#staging = this.device.createBuffer({
        label: 'staging',
        size: Math.max(4096, size),
        usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
      });
      this.stats.buffers++;
      this.stats.bytes += this.#staging.size;
    }
    const staging = this.#staging;
    const encoder = this.device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, 0, staging, 0, size);
    this.device.queue.submit([encoder.finish()]);
    await this.guard(staging.mapAsync(GPUMapMode.READ, 0, size));
    const copy = staging.getMappedRange(0, size).slice(0, bytes);
    staging.unmap();
    return copy;
  }
  dispose(): void {
    this.free(this.#staging);
    this.#staging = null;
    this.device.destroy();
  }
}
