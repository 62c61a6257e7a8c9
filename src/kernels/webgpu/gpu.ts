/**
 * What kernels run on: a device with its buffers counted, its pipelines kept, and the variant of every matrix
 * product chosen by the clock. Knows nothing of networks.
 */
import { WinnowError } from '../../spec/problem';
import { type Gemm, gemmKernel, VARIANTS, type VariantId } from './gemm';
import { type Kernel, moduleOf } from './kernel';

/** Rejects when the device is gone or has reported an error; otherwise gives what the promise gives. */
export type Guard = <T>(work: Promise<T>) => Promise<T>;

/** What was found out about this device before, by name; what it does not know is found out again. */
export interface Notes {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
}
export interface GpuOptions {
  device: GPUDevice;
  guard: Guard;
  /** A CPU plays the GPU: it waits long at barriers and compiles slowly, so there is no race of variants. */
  software: boolean;
  /** Skips the choice: every matrix product takes this one. */
  variant?: VariantId;
  notes?: Notes;
  /** Bytes of one binding, if less than the device allows; for tests. */
  limit?: number;
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
/** A part of a buffer. In a stack of networks that of the first one; the others' follow `stride` bytes apart. */
export interface Region {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  /** Bytes of one network. */
  readonly size: number;
  /** 0 where all networks share it. */
  readonly stride: number;
}
/** A kernel with its buffers: made once, encoded many times. */
export interface Command {
  readonly kernel: Kernel;
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  /** Networks that it works on. */
  readonly count: number;
}

/** One of several ways to do the same work: kernels one after the other with their buffers. */
export interface Way {
  readonly label: string;
  readonly steps: readonly (readonly [Kernel, readonly Region[]])[];
}

/** Where a binding may begin in a buffer. */
const ALIGNMENT = 256;
/** Products below this many multiply-accumulates are not worth a race. */
const SMALL = 1 << 20;
const ROUNDS = 4;
const REPETITIONS = 20;
/** A software adapter has no clock to ramp up, and is slow. */
const SOFTWARE = { rounds: 2, repetitions: 2 };
/** Images of a forward pass that is timed: as in a training batch. */
const TIMED_IMAGES = 64;
const DEFAULT: VariantId = 'block4x4';

/** That of network `index` of a stack. */
export const slice = ({ buffer, offset, size, stride }: Region, index: number): Region => ({
  buffer,
  offset: offset + index * stride,
  size,
  stride: 0,
});

export class Gpu {
  readonly device: GPUDevice;
  readonly guard: Guard;
  readonly stats: GpuStats = { buffers: 0, bytes: 0, dispatches: 0, submits: 0, pipelines: 0 };
  readonly #options: GpuOptions;
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>();
  readonly #variants = new Map<string, VariantId>();
  readonly #ways = new Map<string, string>();
  readonly #alive = new Set<GPUBuffer>();
  #staging: GPUBuffer | null = null;

  constructor(options: GpuOptions) {
    this.#options = options;
    this.device = options.device;
    this.guard = options.guard;
  }
  get notes(): Notes | undefined {
    return this.#options.notes;
  }
  /** Bytes of one binding at most. */
  get limit(): number {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits;
    return Math.min(
      maxBufferSize,
      maxStorageBufferBindingSize,
      this.#options.limit ?? Number.POSITIVE_INFINITY,
    );
  }
  /** Storage buffers of one kernel at most. */
  get maxBindings(): number {
    return this.device.limits.maxStorageBuffersPerShaderStage;
  }

  /**
   * Zeros, rounded up to a vector, for each of `count` networks. Storage that can be written to and read back, or a
   * uniform.
   * @throws WinnowError `gpu.memory` above the device's limit for one buffer.
   */
  region(label: string, bytes: number, count = 1, usage = GPUBufferUsage.STORAGE): Region {
    const size = Math.max(16, Math.ceil(bytes / 16) * 16);
    const stride = count > 1 ? Math.ceil(size / ALIGNMENT) * ALIGNMENT : 0;
    const all = Math.max(size, stride * count);
    const { limit } = this;
    if (all > limit) {
      throw new WinnowError({
        code: 'gpu.memory',
        path: 'backend',
        message: `${label} needs ${all} bytes, this GPU allows ${limit} in one piece; choose another backend`,
        values: { size: all, limit },
      });
    }
    this.stats.buffers++;
    this.stats.bytes += all;
    const { COPY_SRC, COPY_DST } = GPUBufferUsage;
    const buffer = this.device.createBuffer({ label, size: all, usage: usage | COPY_SRC | COPY_DST });
    this.#alive.add(buffer);
    return { buffer, offset: 0, size, stride };
  }
  /** Frees whole buffers; of a stack, for all of its networks. */
  free(...regions: (Region | null | undefined)[]): void {
    for (const region of regions) if (region) this.#destroy(region.buffer);
  }
  #destroy(buffer: GPUBuffer): void {
    this.stats.buffers--;
    this.stats.bytes -= buffer.size;
    this.#alive.delete(buffer);
    buffer.destroy();
  }

  /** Compiles once per code. @param count networks that one dispatch serves, in the regions' parts */
  async command(kernel: Kernel, regions: readonly Region[], count = 1): Promise<Command> {
    if (regions.length !== kernel.bindings.length) {
      throw new Error(
        `${kernel.label} has ${kernel.bindings.length} bindings, got ${regions.length} regions`,
      );
    }
    const strides = regions.map(({ stride }) => stride);
    const code = moduleOf(kernel, count > 1 ? strides : undefined);
    let compiling = this.#pipelines.get(code);
    if (!compiling) {
      this.stats.pipelines++;
      compiling = this.guard(this.#compile(kernel.label, code));
      this.#pipelines.set(code, compiling);
    }
    const pipeline = await compiling;
    const entries = regions.map(({ buffer, offset, size, stride }, binding) => ({
      binding,
      resource: { buffer, offset, size: count > 1 ? (stride || size) * (stride ? count : 1) : size },
    }));
    const group = this.device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
    return { kernel, pipeline, group, count };
  }
  async #compile(label: string, code: string): Promise<GPUComputePipeline> {
    const module = this.device.createShaderModule({ label, code });
    return this.device.createComputePipelineAsync({
      label,
      layout: 'auto',
      compute: { module, entryPoint: 'main' },
    });
  }

  /** The fastest variant of a matrix product for these shapes; what the regions hold afterwards is of no use. */
  async product(g: Gemm, regions: readonly Region[]): Promise<Kernel> {
    const shape = `${g.label} ${g.m} ${g.reads.outer} ${g.splits ?? 1}`;
    const known = this.#options.variant ?? this.#variants.get(shape) ?? this.#noted(g, shape);
    if (known) return gemmKernel(g, known);
    const images = g.perImage ? Math.min(g.m / g.perImage, TIMED_IMAGES) : 1;
    const work = (g.perImage ? images * g.perImage : g.m) * g.n * g.reads.outer * g.reads.inner;
    const chosen = await this.#choose(g, work, regions, images);
    this.#variants.set(shape, chosen);
    return gemmKernel(g, chosen);
  }
  async #choose(g: Gemm, work: number, regions: readonly Region[], images: number): Promise<VariantId> {
    if (work < SMALL) return DEFAULT;
    // Compiling takes a software adapter longer than a race could win back. Large blocks have been faster there.
    if (this.#options.software) return g.reads.outer === 1 ? 'block8x8few' : DEFAULT;
    const chosen = await this.#race(g, regions, images);
    this.notes?.set(noteOf(g), chosen);
    return chosen;
  }
  /** As found out on an earlier visit, by the same code. */
  #noted(g: Gemm, shape: string): VariantId | undefined {
    const id = this.notes?.get(noteOf(g));
    if (id === undefined || !Object.hasOwn(VARIANTS, id) || !this.#fits(g, id as VariantId)) return undefined;
    this.#variants.set(shape, id as VariantId);
    return id as VariantId;
  }
  #fits(g: Gemm, id: VariantId): boolean {
    const v = VARIANTS[id];
    // Convolutions in blocks of 8 rows take some compilers longer than a minute.
    if (v.style === 'block') return v.rows < 8 || g.reads.outer === 1;
    return v.threads ** 2 <= this.device.limits.maxComputeInvocationsPerWorkgroup;
  }
  async #race(g: Gemm, regions: readonly Region[], images: number): Promise<VariantId> {
    const runners = (Object.keys(VARIANTS) as VariantId[]).filter((id) => this.#fits(g, id));
    const commands = await Promise.all(runners.map((id) => this.command(gemmKernel(g, id), regions)));
    return runners[
      await this.#fastest(
        commands.map((c) => [c]),
        images,
        ROUNDS,
        REPETITIONS,
      )
    ];
  }
  /** Least time of a few rounds; contestants take turns, so that a GPU that is waking up is unfair to none. */
  async #fastest(
    contestants: readonly (readonly Command[])[],
    images: number,
    rounds: number,
    repetitions: number,
  ): Promise<number> {
    const time = async (commands: readonly Command[], times: number) => {
      const start = performance.now();
      this.submit((pass) => {
        for (let i = 0; i < times; i++) for (const command of commands) this.encode(pass, command, images);
      });
      await this.done();
      return performance.now() - start;
    };
    const least = contestants.map(() => Number.POSITIVE_INFINITY);
    for (let round = 0; round < rounds; round++) {
      for (const [i, commands] of contestants.entries()) {
        // The first round only warms up. A browser's clock is coarse, so one measurement is many dispatches.
        const ms = await time(commands, round === 0 ? 1 : repetitions);
        if (round > 0) least[i] = Math.min(least[i], ms);
      }
    }
    return least.indexOf(Math.min(...least));
  }
  /**
   * The fastest of several ways for so many images; what the regions hold afterwards is of no use. Remembered by the
   * code of the contestants and by `shape`, which says what the code does not.
   */
  async fastest(shape: string, ways: readonly Way[], images: number): Promise<Way> {
    if (ways.length === 1) return ways[0];
    const note = `way ${hashOf(ways.flatMap(({ steps }) => steps.map(([kernel]) => moduleOf(kernel))))} ${shape}`;
    const known = this.#ways.get(note) ?? this.notes?.get(note);
    const found = ways.find(({ label }) => label === known);
    if (found) return found;
    const { rounds, repetitions } = this.#options.software
      ? SOFTWARE
      : { rounds: ROUNDS, repetitions: REPETITIONS };
    const commands = await Promise.all(
      ways.map(({ steps }) => Promise.all(steps.map(([kernel, regions]) => this.command(kernel, regions)))),
    );
    const chosen = ways[await this.#fastest(commands, images, rounds, repetitions)];
    this.#ways.set(note, chosen.label);
    this.notes?.set(note, chosen.label);
    return chosen;
  }
  /** What was chosen so far, by shape. */
  get variants(): Readonly<Record<string, VariantId>> {
    return Object.fromEntries(this.#variants);
  }

  encode(pass: GPUComputePassEncoder, { kernel, pipeline, group, count }: Command, images: number): void {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    const [x, y] = kernel.groups(images);
    pass.dispatchWorkgroups(x, y, (kernel.depth ?? 1) * count);
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
  /** Whether the device has a clock of its own. */
  get clocked(): boolean {
    return this.device.features.has('timestamp-query');
  }
  /** Milliseconds of one pass by the device's own clock; needs `clocked`. */
  async clock(passes: (pass: GPUComputePassEncoder) => void): Promise<number> {
    const querySet = this.device.createQuerySet({ type: 'timestamp', count: 2 });
    const times = this.region('times', 16, 1, GPUBufferUsage.QUERY_RESOLVE);
    try {
      const encoder = this.device.createCommandEncoder();
      const pass = encoder.beginComputePass({
        timestampWrites: { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 },
      });
      passes(pass);
      pass.end();
      encoder.resolveQuerySet(querySet, 0, 2, times.buffer, 0);
      this.stats.submits++;
      this.device.queue.submit([encoder.finish()]);
      const [start, end] = new BigUint64Array(await this.read(times, 16));
      // Some clocks are set back between two readings: no time rather than a negative one.
      return end > start ? Number(end - start) / 1e6 : 0;
    } finally {
      this.free(times);
      querySet.destroy();
    }
  }
  done(): Promise<undefined> {
    return this.guard(this.device.queue.onSubmittedWorkDone() as Promise<undefined>);
  }
  /** @param at bytes from the region's beginning */
  write({ buffer, offset }: Region, at: number, data: ArrayBufferView): void {
    this.device.queue.writeBuffer(
      buffer,
      offset + at,
      data.buffer as ArrayBuffer,
      data.byteOffset,
      data.byteLength,
    );
  }
  /** Zeros from now on. */
  clear(...regions: readonly Region[]): void {
    const encoder = this.device.createCommandEncoder();
    for (const { buffer, offset, size } of regions) encoder.clearBuffer(buffer, offset, size);
    this.device.queue.submit([encoder.finish()]);
  }

  /** A copy of the first `bytes` of a region, after all work submitted so far. */
  async read(region: Region, bytes: number): Promise<ArrayBuffer> {
    const [copy] = await this.readAll([[region, bytes]]);
    return copy;
  }
  /** Several at once. */
  readAll(list: readonly (readonly [Region, bytes: number])[]): Promise<ArrayBuffer[]> {
    const reading = this.#reading.then(() => this.#readAll(list));
    this.#reading = reading.catch(() => {});
    return reading;
  }
  /** There is one staging buffer. */
  #reading: Promise<unknown> = Promise.resolve();
  async #readAll(list: readonly (readonly [Region, bytes: number])[]): Promise<ArrayBuffer[]> {
    // A command on a destroyed buffer would take the whole device down; it may have been destroyed while waiting.
    if (list.some(([{ buffer }]) => !this.#alive.has(buffer))) {
      throw new WinnowError({
        code: 'engine.misuse',
        path: '',
        message: 'what was to be read has been freed',
      });
    }
    const sizes = list.map(([, bytes]) => Math.ceil(bytes / 16) * 16);
    const total = sizes.reduce((a, b) => a + b, 0);
    const staging = this.#stage(total);
    const encoder = this.device.createCommandEncoder();
    let to = 0;
    for (const [i, [{ buffer, offset }, bytes]] of list.entries()) {
      encoder.copyBufferToBuffer(buffer, offset, staging, to, Math.ceil(bytes / 4) * 4);
      to += sizes[i];
    }
    this.device.queue.submit([encoder.finish()]);
    await this.guard(staging.mapAsync(GPUMapMode.READ, 0, total));
    const all = staging.getMappedRange(0, total);
    let from = 0;
    const copies = list.map(([, bytes], i) => {
      const copy = all.slice(from, from + bytes);
      from += sizes[i];
      return copy;
    });
    staging.unmap();
    return copies;
  }
  #stage(bytes: number): GPUBuffer {
    if (this.#staging && this.#staging.size >= bytes) return this.#staging;
    if (this.#staging) this.#destroy(this.#staging);
    this.#staging = this.device.createBuffer({
      label: 'staging',
      size: Math.max(4096, bytes),
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    this.stats.buffers++;
    this.stats.bytes += this.#staging.size;
    return this.#staging;
  }
  dispose(): void {
    if (this.#staging) this.#destroy(this.#staging);
    this.#staging = null;
    this.device.destroy();
  }
}

/** The code of the contestants is part of the name: new code, new race. */
function noteOf(g: Gemm): string {
  const ids = Object.keys(VARIANTS) as VariantId[];
  return `product ${hashOf(ids.map((id) => id + moduleOf(gemmKernel(g, id))))} ${g.label}`;
}
/** FNV-1a. */
function hashOf(codes: readonly string[]): string {
  let hash = 0x811c9dc5;
  for (const code of codes) {
    for (let i = 0; i < code.length; i++) hash = Math.imul(hash ^ code.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0).toString(16);
}
