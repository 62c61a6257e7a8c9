import { kernelName, originalName, outputLayer, weightLayers } from '../models/build';
import type { NetState, WeightLayer } from '../models/types';
import type { ParamTable, ValuesOf } from '../spec/params';
import { criteria, criterionById, criterionIds } from './criteria/registry';
import { masked, requireLayers } from './layers';
import { pruneCount, type Scored, smallestOf, survivors } from './select';
import { defineMethod, type MethodContext } from './types';

const params = {
  sparsity: {
    kind: 'number',
    label: 'Sparsity',
    default: 0.9,
    min: 0,
    max: 1,
    step: 0.001,
    unit: 'fraction',
    scale: 'tail',
  },
  scope: { kind: 'choice', label: 'Scope', default: 'layer', options: ['layer', 'global'] },
  outputHalf: { kind: 'flag', label: 'Output layer at half rate', default: true },
  layers: { kind: 'perLayer', label: 'Sparsity per layer', default: {}, of: 'sparsity', advanced: true },
  criterion: {
    kind: 'choice',
    label: 'Criterion',
    default: 'magnitude',
    options: criterionIds,
    advanced: true,
  },
  images: {
    kind: 'number',
    label: 'Images behind the score',
    default: 1000,
    min: 10,
    max: 10_000,
    step: 10,
    integer: true,
    unit: 'images',
    when: { criterion: criteria.filter((c) => c.needs).map((c) => c.id) },
    advanced: true,
  },
} as const satisfies ParamTable;
type Values = ValuesOf<typeof params>;

/**
 * Removes exactly round(p * n) of the n weights that are still there, lowest score first, ties by index.
 *
 * Layer-wise: p of every layer. Global: p of all layers ranked together. Layers with a rate of their own
 * are always pruned by themselves and leave the global ranking: those named in `layers`, and the output
 * layer at p/2 while `outputHalf` is on. Pruned weights never come back; biases are never pruned.
 */
export const prune = defineMethod({
  id: 'prune',
  kind: 'criterion',
  live: true,
  params,
  slider: 'sparsity',
  formula:
    'm_i \\leftarrow m_i \\cdot [\\,\\mathrm{rank}(s_i) \\ge k\\,],\\quad k = \\mathrm{round}\\!\\left(p \\textstyle\\sum_i m_i\\right),\\quad s_i = |w_i|',
  citations: [
    {
      text: 'Han, Pool, Tran, Dally: Learning both weights and connections for efficient neural networks. NeurIPS (2015)',
      url: 'https://arxiv.org/abs/1506.02626',
    },
    {
      text: 'Frankle, Carbin: The lottery ticket hypothesis. ICLR (2019)',
      url: 'https://arxiv.org/abs/1803.03635',
    },
  ],
  needs: (_, { criterion, images }) =>
    (criterionById(criterion).needs ?? []).map((kind) => ({ kind, images })),
  apply(state, values, context) {
    requireLayers(state, 'layers', Object.keys(values.layers));
    let next = state;
    for (const { layers, rate } of groups(state, values)) next = pruned(next, layers, rate, values, context);
    return next;
  },
});

/** Sets of layers that are ranked together, each with its rate. */
function groups(state: NetState, values: Values): { layers: WeightLayer[]; rate: number }[] {
  const all = weightLayers(state.arch);
  const own = (layer: WeightLayer): number | undefined => {
    if (Object.hasOwn(values.layers, layer.name)) return values.layers[layer.name];
    const isOutput = originalName(layer.name) === outputLayer(state.arch);
    return isOutput && values.outputHalf ? values.sparsity / 2 : undefined;
  };
  const alone = all.map((layer) => ({ layers: [layer], rate: own(layer) ?? values.sparsity }));
  if (values.scope === 'layer') return alone;
  const together = all.filter((layer) => own(layer) === undefined);
  return [
    { layers: together, rate: values.sparsity },
    ...alone.filter(({ layers }) => own(layers[0]) !== undefined),
  ];
}

function pruned(
  state: NetState,
  layers: WeightLayer[],
  rate: number,
  { criterion, images }: Values,
  context: MethodContext,
): NetState {
  const { score } = criterionById(criterion);
  const asked = { ...context, images };
  const parts: Scored[] = layers.map((layer) => ({
    scores: score(state, layer, asked),
    mask: state.masks[kernelName(layer)],
  }));
  const n = parts.reduce((sum, { scores, mask }) => sum + survivors(mask, scores.length), 0);
  const k = pruneCount(rate, n);
  // Also for k = 0, so that a network that has diverged is refused at every position of the slider.
  const kept = smallestOf(parts, k);
  if (k === 0) return state;
  const masks = { ...state.masks };
  const tensors = { ...state.tensors };
  layers.forEach((layer, i) => {
    const name = kernelName(layer);
    masks[name] = kept[i];
    tensors[name] = masked(tensors[name], kept[i]);
  });
  return { ...state, masks, tensors };
}
