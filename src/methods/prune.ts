import { kernelName, originalName, outputLayer, weightLayers } from '../models/build';
import type { NetState, WeightLayer } from '../models/types';
import type { ParamTable, ValuesOf } from '../spec/params';
import { criteria, criterionById, criterionIds } from './criteria/registry';
import type { Criterion, ScoreContext } from './criteria/types';
import { masked, requireLayers } from './layers';
import { pruneCount, type Scored, smallestOf, survivors } from './select';
import { defineMethod, finish, type MethodContext, type Work } from './types';

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
  needs(state, { criterion, images }) {
    const { check, needs = [] } = criterionById(criterion);
    check?.(state);
    return needs.map((kind) => ({ kind, images }));
  },
  apply: (state, values, context) => finish(pieces(state, values, context)),
  pieces,
});

/** All masks are chosen on the state as it came; then what remains makes up for what went, where the criterion can. */
function* pieces(state: NetState, values: Values, context: MethodContext): Work<NetState> {
  requireLayers(state, 'layers', Object.keys(values.layers));
  const criterion = criterionById(values.criterion);
  const asked = { ...context, images: values.images };
  criterion.check?.(state);
  if (criterion.prepare) yield* criterion.prepare(state, asked);
  const chosen = groups(state, values).flatMap(({ layers, rate }) =>
    choose(state, layers, rate, criterion, asked),
  );
  if (chosen.length === 0) return state;
  const masks = { ...state.masks, ...Object.fromEntries(chosen) };
  const tensors = { ...state.tensors };
  for (const [name, kept] of chosen) tensors[name] = masked(tensors[name], kept);
  if (criterion.compensate) Object.assign(tensors, yield* criterion.compensate(state, masks, asked));
  return { ...state, masks, tensors };
}

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

/** New masks by kernel name; none where the rate takes nothing. */
function choose(
  state: NetState,
  layers: WeightLayer[],
  rate: number,
  { score }: Criterion,
  context: ScoreContext,
): [name: string, kept: Uint8Array][] {
  const parts: Scored[] = layers.map((layer) => ({
    scores: score(state, layer, context),
    mask: state.masks[kernelName(layer)],
  }));
  const n = parts.reduce((sum, { scores, mask }) => sum + survivors(mask, scores.length), 0);
  const k = pruneCount(rate, n);
  // Also for k = 0, so that a network that has diverged is refused at every position of the slider.
  const kept = smallestOf(parts, k);
  return k === 0 ? [] : layers.map((layer, i) => [kernelName(layer), kept[i]]);
}
