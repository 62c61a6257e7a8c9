/** What the layers are fed with: second moments of the inputs of one output, in double precision. */
import type { InputMoments } from '../../methods/evidence';
import { addProducts, roomFor } from '../../methods/surgeon/cholesky';
import { channels, isWeightLayer, kernelSize } from '../../models/build';
import type { ConvLayer, DepthwiseLayer, WeightLayer } from '../../models/types';
import type { Plan } from '../backends/plan';
import type { Chunk, Gauge, GaugeOf } from './types';

const FLOAT = 4;
/** Multiply-adds between two turns: some tens of milliseconds. */
const TURN = 1e7;
/**
 * Output positions of one image that are looked at, about: neighbours see nearly the same, and a thousand images have
 * enough of them. Every s-th one, beginning elsewhere in every image, so that all positions have their turn.
 */
export const POSITIONS = 16;

interface Fed {
  readonly layer: WeightLayer;
  /** Number of the value it reads, and its floats per image. */
  readonly value: number;
  readonly inSize: number;
  readonly size: number;
  readonly groups: number;
  readonly sums: Float64Array;
  samples: number;
}

export const inputs: GaugeOf<'inputs'> = (plan): Gauge<Readonly<Record<string, InputMoments>>> => {
  const fed = fedLayers(plan);
  let images = 0;
  return {
    async add(chunk, turn) {
      for (const f of fed) await addLayer(f, chunk, images, turn);
      images += chunk.count;
    },
    result: () =>
      Object.fromEntries(
        fed.map(({ layer, size, groups, sums, samples }) => {
          fill(sums, size, samples);
          return [layer.name, { size, groups, matrix: sums }];
        }),
      ),
  };
};

const fedLayers = (plan: Plan): Fed[] =>
  plan.stages.flatMap(({ layer, inputs: [value], inSize }) => {
    if (!isWeightLayer(layer)) return [];
    const size = kernelSize(layer) / channels(layer) + 1;
    const groups = layer.kind === 'depthwise' ? channels(layer) : 1;
    const sums = new Float64Array(groups * size * size);
    return [{ layer, value, inSize, size, groups, sums, samples: 0 }];
  });

/** @param before images of earlier chunks */
async function addLayer(fed: Fed, chunk: Chunk, before: number, turn: () => Promise<void>): Promise<void> {
  const { layer, size, groups, inSize } = fed;
  const row = new Float64Array(size);
  const samples = Array.from({ length: groups }, (_, g) => new Samples(fed.sums, size, g * size * size));
  const { floats } = chunk.machine;
  let work = 0;
  for (let i = 0; i < chunk.count; i++) {
    const from = chunk.values[fed.value] / FLOAT + i * inSize;
    for (const position of positionsOf(layer, before + i)) {
      for (const [g, sample] of samples.entries()) {
        inputsOf(layer, floats, from, position, g, row);
        work += size + sample.add(row);
      }
      fed.samples++;
      if (work < TURN) continue;
      work = 0;
      await turn();
    }
  }
  for (const sample of samples) sample.flush();
}

/** Output positions of a layer that are looked at in image `image`. */
export function positionsOf(layer: WeightLayer, image: number): number[] {
  if (layer.kind === 'dense') return [0];
  const all = layer.out[0] * layer.out[1];
  const stride = Math.ceil(all / POSITIONS);
  const first = image % stride;
  return Array.from({ length: Math.ceil((all - first) / stride) }, (_, i) => first + i * stride);
}

/**
 * What output `position` reads, in the order of the kernel's rows, and a 1; zeros where it reaches over the edge.
 * @param group channel of a depthwise layer, else 0
 */
export function inputsOf(
  layer: WeightLayer,
  floats: Float32Array,
  from: number,
  position: number,
  group: number,
  row: Float64Array,
): void {
  row[row.length - 1] = 1;
  if (layer.kind === 'dense') for (let i = 0; i < layer.in; i++) row[i] = floats[from + i];
  else windowOf(layer, floats, from, position, group, row);
}

function windowOf(
  layer: ConvLayer | DepthwiseLayer,
  floats: Float32Array,
  from: number,
  position: number,
  group: number,
  row: Float64Array,
): void {
  const [height, width, depth] = layer.in;
  const { kernel, stride, pad, out } = layer;
  const [top, left] = [Math.floor(position / out[1]) * stride - pad, (position % out[1]) * stride - pad];
  const [first, last] = layer.kind === 'depthwise' ? [group, group + 1] : [0, depth];
  let at = 0;
  for (let ky = 0; ky < kernel; ky++) {
    for (let kx = 0; kx < kernel; kx++) {
      const [y, x] = [top + ky, left + kx];
      const inside = y >= 0 && y < height && x >= 0 && x < width;
      const pixel = from + (y * width + x) * depth;
      for (let c = first; c < last; c++) row[at++] = inside ? floats[pixel + c] : 0;
    }
  }
}

/** Samples at a time, where they are not full of zeros. */
const TOGETHER = 48;
/** Below this share of entries that are not zero it is faster to leave the zeros out. */
const SPARSE = 0.35;

/** Adds x xᵀ of one sample after the other to the upper triangle of `sums`: with zeros left out, or many at once. */
class Samples {
  readonly #places: Int32Array;
  readonly #values: Float64Array;
  /** [size, TOGETHER], a sample a column. */
  #columns: Float64Array | undefined;
  #waiting = 0;
  constructor(
    readonly sums: Float64Array,
    readonly size: number,
    readonly offset: number,
  ) {
    this.#places = new Int32Array(size);
    this.#values = new Float64Array(size);
  }
  /** @returns multiply-adds that it took */
  add(row: Float64Array): number {
    const places = this.#places;
    let n = 0;
    for (let i = 0; i < row.length; i++) if (row[i] !== 0) places[n++] = i;
    if (n > SPARSE * row.length) return this.#wait(row);
    const [values, sums] = [this.#values, this.sums];
    for (let a = 0; a < n; a++) values[a] = row[places[a]];
    for (let a = 0; a < n; a++) {
      const at = this.offset + places[a] * this.size;
      const x = values[a];
      for (let b = a; b < n; b++) sums[at + places[b]] += x * values[b];
    }
    return n * n;
  }
  #wait(row: Float64Array): number {
    this.#columns ??= new Float64Array(roomFor(this.size) * TOGETHER);
    for (let i = 0; i < row.length; i++) this.#columns[i * TOGETHER + this.#waiting] = row[i];
    this.#waiting++;
    return this.#waiting < TOGETHER ? 0 : this.flush();
  }
  /** Adds those that wait for others. */
  flush(): number {
    if (!this.#columns || this.#waiting === 0) return 0;
    addProducts(this.#columns, TOGETHER, this.sums, this.size, this.offset);
    this.#columns.fill(0);
    this.#waiting = 0;
    return (this.size ** 2 * TOGETHER) / 2;
  }
}

/** The mean, and the lower triangle from the upper one. */
export function fill(sums: Float64Array, size: number, samples: number): void {
  for (let offset = 0; offset < sums.length; offset += size * size) {
    for (let i = 0; i < size; i++) {
      for (let j = i; j < size; j++) {
        const mean = sums[offset + i * size + j] / samples;
        sums[offset + i * size + j] = mean;
        sums[offset + j * size + i] = mean;
      }
    }
  }
}
