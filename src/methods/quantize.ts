import { kernelName, weightLayers } from '../models/build';
import type { QuantSpec } from '../models/types';
import type { ParamTable } from '../spec/params';
import { requireLayers } from './layers';
import { defineMethod } from './types';

const params = {
  bits: { kind: 'number', label: 'Bits', default: 4, min: 1, max: 8, step: 1, integer: true, unit: 'bits' },
  scheme: { kind: 'choice', label: 'Scheme', default: 'affine', options: ['affine', 'symmetric'] },
  granularity: { kind: 'choice', label: 'Granularity', default: 'channel', options: ['tensor', 'channel'] },
  layers: { kind: 'perLayer', label: 'Bits per layer', default: {}, of: 'bits', advanced: true },
} as const satisfies ParamTable;

/**
 * Post-training quantization of all kernels; biases and activations stay float32. The latent weights are
 * kept, so that a later `train` can fine-tune through the rounding; `fake-quant.ts` says what is executed.
 * A second `quantize` replaces the first.
 */
export const quantize = defineMethod({
  id: 'quantize',
  kind: 'transform',
  live: true,
  params,
  slider: 'bits',
  formula:
    '\\begin{aligned} \\text{affine: }& s=\\tfrac{\\max(w,0)-\\min(w,0)}{2^b-1},\\quad z=\\mathrm{round}\\!\\left(\\tfrac{-\\min(w,0)}{s}\\right),\\\\ & \\hat w = s\\left(\\mathrm{clip}\\!\\left(\\mathrm{round}\\tfrac{w}{s}+z,\\,0,\\,2^b-1\\right)-z\\right)\\\\ \\text{symmetric: }& L=2^{b-1}-1,\\quad s=\\tfrac{\\max|w|}{L},\\quad \\hat w = s\\,\\mathrm{clip}\\!\\left(\\mathrm{round}\\tfrac{w}{s},\\,-L,\\,L\\right)\\\\ b=1\\text{: }& \\hat w = \\mathrm{sign}(w)\\cdot\\mathrm{mean}\\,|w| \\end{aligned}',
  citations: [
    {
      text: 'Jacob, Kligys, Chen, Zhu, Tang, Howard, Adam, Kalenichenko: Quantization and training of neural networks for efficient integer-arithmetic-only inference. CVPR (2018)',
      url: 'https://arxiv.org/abs/1712.05877',
    },
    {
      text: 'Krishnamoorthi: Quantizing deep convolutional networks for efficient inference (2018)',
      url: 'https://arxiv.org/abs/1806.08342',
    },
    {
      text: 'Rastegari, Ordonez, Redmon, Farhadi: XNOR-Net (one bit: sign times mean). ECCV (2016)',
      url: 'https://arxiv.org/abs/1603.05279',
    },
  ],
  apply(state, values) {
    requireLayers(state, 'layers', Object.keys(values.layers));
    const { scheme, granularity } = values;
    const quant: Record<string, QuantSpec> = {};
    for (const layer of weightLayers(state.arch)) {
      const own = Object.hasOwn(values.layers, layer.name) ? values.layers[layer.name] : values.bits;
      quant[kernelName(layer)] = { bits: own, scheme, granularity };
    }
    return { ...state, quant };
  },
});
