/** Runs WGSL kernels on a device of their own over named arrays. */
import { openDevice } from '../../src/engine/device/gpu';
import { Gpu, type Region } from '../../src/kernels/webgpu/gpu';
import type { Kernel } from '../../src/kernels/webgpu/kernel';

export type Words = Float32Array | Uint32Array | Uint8Array;
/** A kernel, its arrays in the order of its bindings, and for how many images. */
export type Step = readonly [kernel: Kernel, names: readonly string[], images?: number];

export class Bench {
  constructor(readonly gpu: Gpu) {}
  /**
   * Arrays are given by content or by a length of zeros in floats; uniforms by the name the kernels give them. All are
   * read back, and freed.
   */
  async run(
    arrays: Record<string, Words | number>,
    steps: readonly Step[],
  ): Promise<Record<string, Float32Array>> {
    const made = new Map<string, Region>();
    const bytesOf = (content: Words | number) =>
      typeof content === 'number' ? content * 4 : Math.ceil(content.byteLength / 4) * 4;
    for (const [name, content] of Object.entries(arrays)) {
      const usage = name === 'rates' || name === 'norm' ? GPUBufferUsage.UNIFORM : undefined;
      const region = this.gpu.region(name, bytesOf(content), 1, usage);
      if (typeof content !== 'number') this.gpu.write(region, 0, whole(content));
      made.set(name, region);
    }
    const commands = await Promise.all(
      steps.map(([kernel, names]) =>
        this.gpu.command(
          kernel,
          names.map((n) => made.get(n)!),
        ),
      ),
    );
    this.gpu.submit((pass) => {
      for (const [i, command] of commands.entries()) this.gpu.encode(pass, command, steps[i][2] ?? 1);
    });
    const names = Object.keys(arrays);
    const read = await this.gpu.readAll(names.map((n) => [made.get(n)!, bytesOf(arrays[n])] as const));
    this.gpu.free(...made.values());
    return Object.fromEntries(names.map((n, i) => [n, new Float32Array(read[i])]));
  }
}
/** Uploads are whole words. */
function whole(content: Words): Words {
  if (content.byteLength % 4 === 0) return content;
  const padded = new Uint8Array(Math.ceil(content.byteLength / 4) * 4);
  padded.set(content as Uint8Array);
  return padded;
}

export const withBench = async <T>(work: (bench: Bench) => Promise<T>): Promise<T> => {
  const { device, guard, software } = await openDevice();
  const gpu = new Gpu({ device, guard, software });
  try {
    return await work(new Bench(gpu));
  } finally {
    gpu.dispose();
  }
};
