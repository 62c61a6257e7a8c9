/** Deployed networks against the masked or fake-quantized ones they stand for, in every form there is. */
import { describe, expect, it } from 'vitest';
import { forms } from '../../kernels/forms/registry';
import type { FormId } from '../../kernels/forms/types';
import { enableRelaxedSimd } from '../../kernels/testing/machines';
import { kernelName, kernelShape, kernelSize, layerMacs, uses, weightLayers } from '../../models/build';
import { lenet5 } from '../../models/lenet-5';
import { mobilenetTiny } from '../../models/mobilenet';
import { resnet8 } from '../../models/resnet';
import type { Arch, QuantSpec, WeightLayer, Weights } from '../../models/types';
import { openReference } from '../backends/reference';
import { openSimd } from '../backends/simd';
import { tinyGraph, tinyMlp, tinyWeights, uniform } from '../device/trial';
import type { Backend, Inference, LayerForms } from '../types';
import { executedMacs, formsOf, isExact, packLayer } from './pack';

enableRelaxedSimd();
const reference = await openReference();
const fast: [string, Backend][] = [
  ['simd', await openSimd('simd')],
  ['relaxed', await openSimd('relaxed')],
];
const networks: [string, Arch][] = [
  ['MLP', tinyMlp()],
  ['LeNet-5', lenet5.build([28, 28, 1], 10)],
  ['ResNet-8', resnet8.build([9, 9, 3], 10)],
  ['MobileNet', mobilenetTiny.build([9, 9, 3], 10)],
  ['every kind of layer', tinyGraph()],
];
const symmetric = (bits: number): QuantSpec => ({ bits, scheme: 'symmetric', granularity: 'channel' });

/** Two of any four neighbouring inputs, the same for four neighbouring outputs: n:m, blocks and lists can all hold it. */
function patterned(layer: WeightLayer): Uint8Array {
  const shape = kernelShape(layer);
  const out = shape[shape.length - 1];
  return Uint8Array.from({ length: kernelSize(layer) }, (_, i) => {
    const [row, column] = [Math.floor(i / out), i % out];
    return (row + Math.floor(column / 4)) % 4 < 2 ? 1 : 0;
  });
}
function scattered(layer: WeightLayer, sparsity: number): Uint8Array {
  const next = uniform(kernelSize(layer));
  return Uint8Array.from({ length: kernelSize(layer) }, () => (next() < sparsity ? 0 : 1));
}
type Change = (layer: WeightLayer) => { mask?: Uint8Array; quant?: QuantSpec };
const changes: [string, Change][] = [
  ['dense', () => ({})],
  ['90 % scattered', (layer) => ({ mask: scattered(layer, 0.9) })],
  ['pattern', (layer) => ({ mask: patterned(layer) })],
  ['8 bits', () => ({ quant: symmetric(8) })],
  [
    '8 bits affine of half',
    (layer) => ({ mask: scattered(layer, 0.5), quant: { ...symmetric(8), scheme: 'affine' } }),
  ],
  ['4 bits', () => ({ quant: symmetric(4) })],
  ['3 bits of a pattern', (layer) => ({ mask: patterned(layer), quant: symmetric(3) })],
  ['1 bit', () => ({ quant: symmetric(1) })],
];
/** Made once, so that kernels are packed once for all tests. */
const made = new Map<Arch, Map<Change, Weights>>();
function weightsOf(arch: Arch, change: Change): Weights {
  const known = made.get(arch) ?? new Map<Change, Weights>();
  made.set(arch, known);
  const weights = known.get(change) ?? makeWeights(arch, change);
  known.set(change, weights);
  return weights;
}
function makeWeights(arch: Arch, change: Change): Weights {
  const masks: Record<string, Uint8Array> = {};
  const quant: Record<string, QuantSpec> = {};
  for (const layer of weightLayers(arch)) {
    const { mask, quant: spec } = change(layer);
    if (mask) masks[kernelName(layer)] = mask;
    if (spec) quant[kernelName(layer)] = spec;
  }
  return { tensors: tinyWeights(arch), masks, quant };
}
function imagesOf({ input: [h, w, c] }: Arch, n: number): Uint8Array {
  const next = uniform(7);
  return Uint8Array.from({ length: n * h * w * c }, () => Math.floor(next() * 256));
}
/** Every layer that can, in this form. */
const wherever = (arch: Arch, weights: Weights, id: FormId): LayerForms =>
  Object.fromEntries(
    weightLayers(arch)
      .filter((layer) => formsOf(layer, weights).includes(id))
      .map((layer) => [layer.name, id]),
  );
/** Largest difference, as a share of the largest logit. */
function apart(a: Float32Array, b: Float32Array): number {
  const largest = Math.max(...a.map(Math.abs));
  return (
    Math.max(
      ...a.map((v, i) => (Number.isFinite(v) && Number.isFinite(b[i]) ? Math.abs(v - b[i]) : Infinity)),
    ) / largest
  );
}
const IMAGES = 5;
const logits = (net: Inference, arch: Arch, n = IMAGES) => net.logits(imagesOf(arch, n), n, 1 / 255, -0.3);

describe.each(forms.map(({ id }) => id))('%s', (id) => {
  describe.each(fast)('on %s', (_, backend) => {
    it.each(networks)('%s', async (_what, arch) => {
      let deployed = 0;
      for (const [label, change] of changes) {
        const weights = weightsOf(arch, change);
        const chosen = wherever(arch, weights, id);
        // Two ways in which a form can hold kernels are enough.
        if (deployed === 2 || Object.keys(chosen).length === 0) continue;
        deployed++;
        const net = await backend.deploy!.open(arch, weights, chosen);
        const got = await logits(net, arch);
        net.dispose();
        const exact = isExact(id);
        // Of a form that is not exact: the same on the plain reference; else the masked or fake-quantized network.
        const plain = await (exact ? backend : reference).deploy!.open(arch, weights, exact ? {} : chosen);
        const want = await logits(plain, arch);
        plain.dispose();
        // Where inputs are rounded, too, a sum that differs in its last bit may be rounded to the next code.
        expect(apart(want, got), label).toBeLessThan(exact ? 1e-4 : 0.05);
      }
      expect(deployed).toBeGreaterThan(0);
    });
  });
});

describe('deployment', () => {
  const [, simd] = fast[0];
  const arch = tinyMlp();
  const weights = weightsOf(arch, (layer) => ({ mask: scattered(layer, 0.8) }));

  it('names the layer, what it can be and what was asked', async () => {
    await expect(
      simd.deploy!.open(
        tinyGraph(),
        weightsOf(tinyGraph(), () => ({})),
        { dw: 'csr' },
      ),
    ).rejects.toThrow('dw can be executed as dense, found csr');
    await expect(simd.deploy!.open(arch, weights, { fc9: 'dense' })).rejects.toMatchObject({
      problem: { code: 'engine.layer', path: 'fc9' },
    });
    const one = arch.layers[0] as WeightLayer;
    expect(formsOf(one, weights)[0]).toBe('dense');
    expect(formsOf(one, weights)).not.toContain('xnor');
  });

  it('executes all of a dense kernel, and of other forms what they say', () => {
    for (const layer of weightLayers(tinyGraph())) {
      expect(executedMacs(layer)).toBe(layerMacs(layer));
      const made = packLayer(
        layer,
        weightsOf(tinyGraph(), (l) => ({ mask: scattered(l, 0.8) })),
        'csr',
      );
      if (!made) continue;
      const macs = executedMacs(layer, made);
      expect(macs % uses(layer)).toBe(0);
      expect(macs).toBeLessThan(layerMacs(layer));
    }
  });

  it('packs a kernel once', () => {
    const layer = arch.layers[0] as WeightLayer;
    expect(packLayer(layer, weights, 'csr')).toBe(packLayer(layer, weights, 'csr'));
  });

  it.each([1, 33, 100])('gives the same logits %i images at a time', async (n) => {
    const graph = lenet5.build([28, 28, 1], 10);
    const sparse = weightsOf(graph, (layer) => ({ mask: scattered(layer, 0.9) }));
    const net = await simd.deploy!.open(graph, sparse, wherever(graph, sparse, 'csr'));
    const all = await logits(net, graph, 100);
    const part = await logits(net, graph, n);
    expect([...part]).toEqual([...all.subarray(0, part.length)]);
    net.dispose();
  });
});
