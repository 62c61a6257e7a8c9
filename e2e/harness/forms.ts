/** Executable forms on their WGSL kernels: every variant against the plain reference. */
import { formSuites } from '../../src/kernels/forms/suites';
import type { FormCase } from '../../src/kernels/forms/testing/suite';
import type { FormId, GpuVariant } from '../../src/kernels/forms/types';
import { referenceMachine } from '../../src/kernels/reference/machine';
import { differences, type Results, runCase } from '../../src/kernels/testing/run';
import type { Bench, Words } from './bench';

function variantsOf(bench: Bench, { shape }: FormCase): readonly GpuVariant[] {
  const { form, source, packed, rows, perImage, biased, relu } = shape;
  return form.gpu(source.shape, packed, {
    // Room for one image more than is computed.
    images: rows / perImage + 1,
    ...{ perImage, biased, relu },
    features: {
      f16: bench.gpu.device.features.has('shader-f16'),
      packedDot: navigator.gpu.wgslLanguageFeatures.has('packed_4x8_integer_dot_product'),
    },
  });
}

async function runVariant(bench: Bench, variant: GpuVariant, test: FormCase): Promise<Float32Array> {
  const { source, packed, rows, perImage } = test.shape;
  const { x, bias } = test.operands;
  const room = (rows + perImage) * source.shape.out;
  // What lies behind the images that are computed is anything.
  const images = new Float32Array((rows + perImage) * source.shape.in).fill(Number.NaN);
  images.set(x.data as Float32Array);
  const arrays: Record<string, Words | number> = {
    ...packed,
    x: images,
    ...(bias ? { bias: bias.data } : {}),
    y: room,
    ...variant.scratch,
  };
  const got = await bench.run(
    arrays,
    variant.steps.map(({ kernel, names }) => [kernel, names, rows / perImage] as const),
  );
  return got.y.slice(0, rows * source.shape.out);
}

/**
 * Every `stride`-th case of a form on all of its variants.
 * @returns how many runs there were, which variants, and what was wrong
 */
export async function runForms(
  bench: Bench,
  id: FormId,
  stride: number,
): Promise<{ count: number; variants: string[]; wrong: string[] }> {
  const wrong: string[] = [];
  const variants = new Set<string>();
  let count = 0;
  for (const test of (formSuites[id] ?? []).filter((_, i) => i % stride === 0)) {
    const want: Results = runCase(referenceMachine(), test);
    for (const variant of variantsOf(bench, test)) {
      const name = `${test.label}, ${variant.label}`;
      variants.add(variant.label);
      count++;
      try {
        const y = await runVariant(bench, variant, test);
        const found = differences(test, { written: { y }, scalars: {} }, want);
        wrong.push(...found.map((problem) => `${name}: ${problem}`));
      } catch (error) {
        wrong.push(`${name}: ${(error as Error).message}`);
      }
    }
  }
  return { count, variants: [...variants], wrong };
}
