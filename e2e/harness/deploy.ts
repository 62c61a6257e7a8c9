/** Deployed networks on the GPU against the same on the CPU. */
import { openReference } from '../../src/engine/backends/reference';
import { openSimd } from '../../src/engine/backends/simd';
import { openWebgpu, type WebgpuBackend } from '../../src/engine/backends/webgpu';
import { isExact } from '../../src/engine/deploy/pack';
import { tinyExamples, tinyGraph, tinyMasks, tinyMlp, tinyWeights } from '../../src/engine/device/trial';
import type { Backend, ExecForm, LayerForms } from '../../src/engine/types';
import { channels, kernelName, kernelSize, weightLayers } from '../../src/models/build';
import type { Arch, QuantSpec, WeightLayer, Weights } from '../../src/models/types';

const ARCHS = { mlp: tinyMlp, graph: tinyGraph };
export type DeployedArch = keyof typeof ARCHS;

/** Two of any four neighbouring inputs, in blocks of four outputs. */
function patterned(layer: WeightLayer): Uint8Array {
  const out = channels(layer);
  return Uint8Array.from({ length: kernelSize(layer) }, (_, i) =>
    (Math.floor(i / out) + Math.floor((i % out) / 4)) % 4 < 2 ? 1 : 0,
  );
}
function quantized(arch: Arch, bits: number): Record<string, QuantSpec> {
  const spec: QuantSpec = { bits, scheme: 'symmetric', granularity: 'channel' };
  return Object.fromEntries(weightLayers(arch).map((layer) => [kernelName(layer), spec]));
}
/** What makes every form possible somewhere. */
function weightsFor(arch: Arch): Weights[] {
  const tensors = tinyWeights(arch);
  const pattern = Object.fromEntries(
    weightLayers(arch).map((layer) => [kernelName(layer), patterned(layer)]),
  );
  return [
    { tensors, masks: tinyMasks(arch, 0.8), quant: {} },
    { tensors, masks: pattern, quant: {} },
    ...[8, 4, 1].map((bits) => ({ tensors, masks: {}, quant: quantized(arch, bits) })),
  ];
}
const wherever = (backend: Backend, arch: Arch, weights: Weights, form: ExecForm): LayerForms =>
  Object.fromEntries(
    weightLayers(arch)
      .filter((layer) => backend.deploy!.formsOf(layer, weights).includes(form))
      .map((layer) => [layer.name, form]),
  );

/** Largest difference as a share of the largest value; infinite where there is something else than numbers. */
function apart(got: Float32Array, want: Float32Array): number {
  const top = want.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const worst = want.reduce((most, v, i) => {
    const d = Math.abs(got[i] - v) / top;
    return Math.max(most, Number.isNaN(d) ? Number.POSITIVE_INFINITY : d);
  }, 0);
  return got.length === want.length && top > 0 ? worst : Number.POSITIVE_INFINITY;
}

const IMAGES = 9;
async function answers(backend: Backend, arch: Arch, weights: Weights, forms: LayerForms) {
  const net = await backend.deploy!.open(arch, weights, forms);
  try {
    const examples = tinyExamples(arch.input, IMAGES);
    const size = examples.pixels.length / IMAGES;
    const { correct, loss } = await net.evaluate(examples, 1, IMAGES);
    return {
      all: await net.logits(examples.pixels, IMAGES, 1 / 255, -0.1),
      one: await net.logits(examples.pixels.subarray(0, size), 1, 1 / 255, -0.1),
      correct,
      loss,
    };
  } finally {
    net.dispose();
  }
}

/** Of the first `most` weights that a form can hold: how far logits of the GPU are from the CPU's. */
async function compare(gpu: WebgpuBackend, form: ExecForm, which: DeployedArch, most: number) {
  const arch = ARCHS[which]();
  const exact = isExact(form);
  const cpu = exact ? await openSimd() : await openReference();
  const found: { layers: number; all: number; one: number; loss: number; correct: [number, number] }[] = [];
  for (const weights of weightsFor(arch)) {
    const forms = wherever(gpu, arch, weights, form);
    const layers = Object.keys(forms).length;
    if (layers === 0 || found.length === most) continue;
    const got = await answers(gpu, arch, weights, forms);
    const want = await answers(cpu, arch, weights, exact ? {} : forms);
    found.push({
      layers,
      all: apart(got.all, want.all),
      one: apart(got.one, want.one),
      loss: Math.abs(got.loss - want.loss),
      correct: [got.correct, want.correct],
    });
  }
  cpu.dispose();
  return { exact, found };
}

export const deployHarness = {
  deployedForms: async (): Promise<ExecForm[]> => {
    const { forms } = await import('../../src/kernels/forms/registry');
    return ['dense', ...forms.map(({ id }) => id)];
  },
  /** Every form, on one device. */
  async deployed(which: DeployedArch, forms: readonly ExecForm[], most: number) {
    const gpu = await openWebgpu();
    try {
      const results: Record<string, Awaited<ReturnType<typeof compare>>> = {};
      for (const form of forms) results[form] = await compare(gpu, form, which, most);
      return results;
    } finally {
      gpu.dispose();
    }
  },
  /** Times of a deployed network, what the device holds before and after, and what it refuses. */
  async deployment() {
    const gpu = await openWebgpu();
    const arch = tinyMlp();
    const [weights] = weightsFor(arch);
    const held: number[] = [];
    const times: (number | null)[] = [];
    for (let i = 0; i < 3; i++) {
      const net = await gpu.deploy!.open(arch, weights, { fc1: 'csr', fc2: 'block4' });
      times.push(await net.time(1, 3), await net.time(7, 2));
      times.push(net.kernelTime ? await net.kernelTime(7, 40) : null);
      net.dispose();
      held.push(gpu.stats().bytes);
    }
    const refused = await gpu.deploy!.open(arch, weights, { fc1: 'xnor' }).then(
      () => 'opened',
      (error: { problem?: { code: string } }) => error.problem?.code ?? 'other',
    );
    const net = await gpu.deploy!.open(arch, weights, { fc1: 'csr' });
    let training = 'trained';
    try {
      (net as unknown as { train(): void }).train();
    } catch (error) {
      training = (error as Error).message;
    }
    gpu.dispose();
    return { held, times, refused, training, end: gpu.stats() };
  },
};
