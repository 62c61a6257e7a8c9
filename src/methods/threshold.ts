import { kernelName, weightLayers } from '../models/build';
import { keepingHeld, unheld } from '../models/held';
import type { NetState, WeightLayer } from '../models/types';
import type { ParamTable, ValuesOf } from '../spec/params';
import { masked } from './layers';
import { refuseScore, survivors } from './select';
import { defineMethod } from './types';

const params = {
  by: { kind: 'choice', label: 'Threshold by', default: 'value', options: ['value', 'deviation'] },
  below: {
    kind: 'number',
    label: 'Threshold',
    default: 0.01,
    min: 0.00001,
    max: 1,
    step: 0.00001,
    unit: 'none',
    scale: 'log',
    when: { by: 'value' },
  },
  quality: {
    kind: 'number',
    label: 'Standard deviations',
    default: 0.5,
    min: 0,
    max: 4,
    step: 0.01,
    unit: 'none',
    when: { by: 'deviation' },
  },
} as const satisfies ParamTable;
type Values = ValuesOf<typeof params>;

/**
 * Removes every weight that is still trained and smaller in size than a threshold: one for all layers, or `quality` times
 * the standard deviation of each layer's surviving weights (Han et al.'s quality parameter; about their mean, divided
 * by their number).
 *
 * It is meant for networks whose weights training has pulled to zero (L1, L0), where the question is how small is
 * nothing. Everything else here goes by rank, because a threshold does not say how many weights go: not the
 * same number for two seeds, none or thousands at once where many are equal (after quantization, with constant starts),
 * and so no two methods at equal sparsity. How many went is therefore told on the card.
 *
 * Trap: a percentile over all entries, pruned ones included, is 0 as soon as more than that share is pruned. The
 * deviation here is of survivors only, and it grows from round to round as the small ones go.
 */
export const threshold = defineMethod({
  id: 'threshold',
  kind: 'criterion',
  live: true,
  params,
  slider: 'below',
  neutral: { by: 'deviation', quality: 0 },
  formula:
    'm_i \\leftarrow m_i \\cdot [\\,|w_i| \\ge t\\,],\\quad t \\text{ given, or } t_\\ell = q\\,\\sigma(w_\\ell)',
  citations: [
    {
      text: 'Han, Pool, Tran, Dally: Learning both weights and connections for efficient neural networks. NeurIPS (2015)',
      url: 'https://arxiv.org/abs/1506.02626',
    },
  ],
  apply(state, values, context) {
    const ranked = unheld(state);
    const cut = weightLayers(state.arch).map((layer) => ({ layer, ...cutOf(ranked, layer, values) }));
    const removed = cut.reduce((sum, one) => sum + one.removed, 0);
    const of = cut.reduce((sum, one) => sum + one.of, 0);
    context.note({ code: 'threshold', values: { removed, of, share: of === 0 ? 0 : removed / of } });
    if (removed === 0) return state;
    const list = cut.map(({ layer, removed, of }) => `${layer.name} ${percent(removed, of)}`).join(', ');
    context.note({ code: 'thresholdLayers', values: { list } });
    const masks = { ...state.masks };
    const tensors = { ...state.tensors };
    for (const { layer, kept, removed } of cut) {
      if (removed === 0) continue;
      const name = kernelName(layer);
      masks[name] = keepingHeld({ [name]: kept }, state.held)[name];
      tensors[name] = masked(tensors[name], masks[name]);
    }
    return { ...state, masks, tensors };
  },
});

const percent = (part: number, of: number): string => `${((100 * part) / Math.max(1, of)).toFixed(1)} %`;

/** New mask of a layer, how many go and how many were there. @throws WinnowError for weights that are not finite */
function cutOf(state: NetState, layer: WeightLayer, { by, below, quality }: Values) {
  const kernel = state.tensors[kernelName(layer)];
  const mask = state.masks[kernelName(layer)];
  const limit = by === 'value' ? below : quality * deviation(kernel, mask);
  const kept = mask?.slice() ?? new Uint8Array(kernel.length).fill(1);
  const of = survivors(mask, kernel.length);
  let removed = 0;
  for (let i = 0; i < kernel.length; i++) {
    if (kept[i] === 0) continue;
    refuseScore(kernel[i], i);
    if (Math.abs(kernel[i]) >= limit) continue;
    kept[i] = 0;
    removed++;
  }
  return { kept, removed, of };
}

/** Standard deviation of the survivors, 0 where there are none. Two passes in double precision. */
export function deviation(kernel: Float32Array, mask: Uint8Array | undefined): number {
  let [n, sum, squares] = [0, 0, 0];
  for (let i = 0; i < kernel.length; i++) {
    if (mask && mask[i] === 0) continue;
    n++;
    sum += kernel[i];
  }
  for (let i = 0; i < kernel.length; i++) {
    if (!mask || mask[i] === 1) squares += (kernel[i] - sum / n) ** 2;
  }
  return n === 0 ? 0 : Math.sqrt(squares / n);
}
