/** Statistics of batch norms in plain loops and double precision: what norms.ts is held against. */
import type { TrainExamples } from '../../datasets/types';
import { normNames, sourcesOf } from '../../models/build';
import type { Arch, NetState } from '../../models/types';
import { trace } from '../evidence/reference';
import { effective } from '../state';

type Loose = Record<string, ArrayLike<number>>;

/** By tensor name: mean over batches of the batches' means and unbiased variances. */
export function plainNorms(
  { arch, ...weights }: NetState,
  examples: TrainExamples,
  batches: readonly Uint32Array[],
): Record<string, number[]> {
  const found: Record<string, number[]> = {};
  for (const batch of batches) {
    const one = ofBatch(
      arch,
      effective(arch, weights),
      [...batch].map((i) => image(examples, i)),
    );
    for (const [name, values] of Object.entries(one))
      found[name] = values.map((value, u) => (found[name]?.[u] ?? 0) + value / batches.length);
  }
  return found;
}

function image({ pixels, shape, scale, shift }: TrainExamples, index: number): number[] {
  const size = shape[0] * shape[1] * shape[2];
  return Array.from(pixels.subarray(index * size, (index + 1) * size), (v) => v * scale + shift);
}
/** One norm after the other: those before it have this batch's statistics already. */
function ofBatch(arch: Arch, tensors: Loose, images: readonly number[][]): Record<string, number[]> {
  const found: Record<string, number[]> = {};
  const used: Loose = { ...tensors };
  arch.layers.forEach((layer, index) => {
    if (layer.kind !== 'batchnorm') return;
    const [source] = sourcesOf(arch, index);
    const inputs = images.map((pixels) => trace(arch, used, pixels, 0).values[source]);
    const names = normNames(layer);
    const means: number[] = [];
    const [biased, unbiased]: number[][] = [[], []];
    for (let u = 0; u < layer.out[2]; u++) {
      const values = inputs.flatMap((x) => [...x].filter((_, i) => i % layer.out[2] === u));
      const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
      const square = values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
      means.push(mean);
      biased.push(square / values.length);
      unbiased.push(square / (values.length - 1));
    }
    Object.assign(used, { [names.mean]: means, [names.variance]: biased });
    Object.assign(found, { [names.mean]: means, [names.variance]: unbiased });
  });
  return found;
}
