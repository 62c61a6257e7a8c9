/** Kernels of a network in other forms than dense, on the device: their buffers, and how each is run fastest there. */

import { denseOneRow } from '../../../kernels/dense/one-row';
import { denseForward } from '../../../kernels/dense/wgsl';
import type { GpuCall, GpuVariant } from '../../../kernels/forms/types';
import { patches } from '../../../kernels/patches/wgsl';
import { gemmKernel } from '../../../kernels/webgpu/gemm';
import type { Gpu, Region, Way } from '../../../kernels/webgpu/gpu';
import { executed } from '../../../methods/fake-quant';
import type { DenseLayer, Weights } from '../../../models/types';
import type { PackedLayer } from '../../deploy/pack';
import { convShape, needsPatches, type PackedLayers } from '../layout';
import type { Plan, Stage } from '../plan';
import type { Acts, Deployment, Op } from './passes';

const FLOAT = 4;
/** Images of a race: as in a batch that counts on throughput. */
const TIMED_IMAGES = 256;

/** Floats of the patches of one image, of the layer that needs most. */
export const patchFloats = (plan: Plan, forms: PackedLayers): number =>
  Math.max(0, ...plan.stages.map((stage) => patchesOf(stage, forms.get(stage.layer.name))));
function patchesOf({ layer, outSize }: Stage, form: PackedLayer | undefined): number {
  return form && needsPatches(layer) ? (outSize / form.shape.out) * form.shape.in : 0;
}

interface Formed extends PackedLayer {
  /** By name, with `bias` where there is one. */
  readonly regions: Readonly<Record<string, Region>>;
}

export class DeployedLayers implements Deployment {
  readonly #gpu: Gpu;
  readonly #layers = new Map<string, Formed>();
  /** Dense layers by name, for one image: kernel and bias by themselves. */
  readonly #plain = new Map<string, Record<string, Region>>();
  /** By capacity and layer. */
  readonly #recorded = new Map<string, Promise<Op[]>>();
  readonly #made: Region[] = [];
  #patches: Region | null = null;

  /** @throws WinnowError `gpu.memory` when a kernel does not fit. */
  constructor(
    gpu: Gpu,
    readonly plan: Plan,
    readonly forms: PackedLayers,
  ) {
    this.#gpu = gpu;
    try {
      for (const { layer, bias } of plan.stages) {
        const packed = forms.get(layer.name);
        const own = (): Record<string, Region> =>
          bias ? { bias: this.#region(`bias of ${layer.name}`, bias.length * FLOAT) } : {};
        if (!packed && layer.kind === 'dense') {
          const kernel = this.#region(`kernel of ${layer.name}`, layer.in * layer.out * FLOAT);
          this.#plain.set(layer.name, { kernel, ...own() });
        }
        if (!packed) continue;
        const regions = Object.fromEntries(
          Object.entries(packed.packed).map(([name, values]) => {
            const region = this.#region(`${name} of ${layer.name}`, values.byteLength);
            gpu.write(region, 0, wholeWords(values));
            return [name, region];
          }),
        );
        this.#layers.set(layer.name, { ...packed, regions: { ...regions, ...own() } });
      }
    } catch (error) {
      this.free();
      throw error;
    }
  }
  has({ layer }: Stage, { capacity }: Acts): boolean {
    return this.#layers.has(layer.name) || (capacity === 1 && this.#plain.has(layer.name));
  }
  /** Uploads what is not packed. */
  load(weights: Weights): void {
    for (const { layer, bias } of this.plan.stages) {
      const plain = this.#plain.get(layer.name);
      const regions = plain ?? this.#layers.get(layer.name)?.regions;
      if (bias && regions?.bias) this.#gpu.write(regions.bias, 0, weights.tensors[bias.name]);
      if (plain && layer.kind === 'dense') this.#gpu.write(plain.kernel, 0, executed(weights, layer).values);
    }
  }
  /** The kernels of a stage, the fastest ones for the capacity of `acts`. */
  record(stage: Stage, acts: Acts, x: Region, y: Region): Promise<Op[]> {
    const key = `${acts.capacity} ${stage.layer.name}`;
    const known = this.#recorded.get(key);
    if (known) return known;
    const made = this.#record(stage, acts.capacity, x, y);
    this.#recorded.set(key, made);
    return made;
  }
  async #record(stage: Stage, images: number, x: Region, y: Region): Promise<Op[]> {
    const { layer, outSize, bias } = stage;
    const formed = this.#layers.get(layer.name);
    if (!formed) return this.#recordPlain(layer as DenseLayer, { ...this.#plain.get(layer.name)!, x, y });
    const call: GpuCall = {
      images,
      perImage: outSize / formed.shape.out,
      biased: bias !== undefined,
      relu: 'activation' in layer && layer.activation === 'relu',
      features: featuresOf(this.#gpu),
    };
    const before: Op[] = [];
    let from = x;
    if (needsPatches(layer)) {
      const s = convShape(layer);
      from = this.#patchRoom(images);
      before.push({ kernel: patches(s, images), regions: [x, from] });
    }
    const variants = formed.form.gpu(formed.shape, formed.packed, call);
    // How much is kept decides, too: to a power of two.
    const { form, shape, packed, regions } = formed;
    const words = Object.values(packed).reduce((sum, { length }) => sum + length, 1);
    const what = `${form.id} ${shape.in}-${shape.out} ${images}x${call.perImage} ${Math.round(Math.log2(words))}`;
    const found = await this.#fastest(what, variants, { ...regions, x: from, y }, images);
    return [...before, ...found];
  }
  /** One row of a dense layer: tiles of matrix products against vectors of outputs. */
  #recordPlain(layer: DenseLayer, regions: Readonly<Record<string, Region>>): Promise<Op[]> {
    const { in: inn, out, activation } = layer;
    const relu = activation === 'relu';
    const biased = regions.bias !== undefined;
    const product = denseForward(layer, { kernel: 0, bias: biased ? 0 : null }, 1, relu);
    const names = ['x', 'kernel', 'y', ...(biased ? ['bias'] : [])];
    const tiles = (['block4x4', 'tile16'] as const).map((id): GpuVariant => {
      return { label: id, scratch: {}, steps: [{ kernel: gemmKernel(product, id), names }] };
    });
    return this.#fastest(
      `dense ${inn}-${out} 1`,
      [...tiles, ...denseOneRow(layer, biased, relu)],
      regions,
      1,
    );
  }
  /** All contestants get their scratch buffers; those of the others are freed again. */
  async #fastest(
    what: string,
    variants: readonly GpuVariant[],
    regions: Readonly<Record<string, Region>>,
    images: number,
  ): Promise<Op[]> {
    const rooms: Region[][] = [];
    const ways = variants.map(({ label, scratch, steps }): Way => {
      const room = Object.entries(scratch).map(
        ([name, words]) => [name, this.#region(`${name} of ${what}`, words * FLOAT)] as const,
      );
      rooms.push(room.map(([, region]) => region));
      const all = { ...regions, ...Object.fromEntries(room) };
      return { label, steps: steps.map(({ kernel, names }) => [kernel, names.map((name) => all[name])]) };
    });
    const chosen = await this.#gpu.fastest(what, ways, Math.min(images, TIMED_IMAGES));
    rooms.forEach((room, i) => {
      if (ways[i] !== chosen) this.#drop(room);
    });
    return chosen.steps.map(([kernel, used]) => ({ kernel, regions: used }));
  }

  #patchRoom(images: number): Region {
    const bytes = images * patchFloats(this.plan, this.forms) * FLOAT;
    if (this.#patches && this.#patches.size >= bytes) return this.#patches;
    // A smaller one stays: recorded kernels work on it.
    this.#patches = this.#region('patches', bytes);
    return this.#patches;
  }
  #region(label: string, bytes: number): Region {
    const region = this.#gpu.region(label, bytes);
    this.#made.push(region);
    return region;
  }
  #drop(regions: readonly Region[]): void {
    this.#gpu.free(...regions);
    for (const region of regions) this.#made.splice(this.#made.indexOf(region), 1);
  }
  free(): void {
    this.#gpu.free(...this.#made.splice(0));
  }
}

const featuresOf = ({ device }: Gpu): GpuCall['features'] => ({
  f16: device.features.has('shader-f16'),
  packedDot: navigator.gpu.wgslLanguageFeatures.has('packed_4x8_integer_dot_product'),
});
/** Uploads are whole words. */
function wholeWords(
  values: Float32Array | Uint8Array | Uint32Array,
): Float32Array | Uint8Array | Uint32Array {
  if (values.byteLength % 4 === 0) return values;
  const padded = new Uint8Array(Math.ceil(values.byteLength / 4) * 4);
  padded.set(values as Uint8Array);
  return padded;
}
