import { channels, kernelName, kernelSize, originalName, outputLayer, weightLayers } from '../models/build';
import { keepingHeld, refuseHeld, unheld } from '../models/held';
import type { NetState, WeightLayer } from '../models/types';
import type { ParamTable, ValuesOf } from '../spec/params';
import { type BlockSize, FOUR_OUTPUTS } from './blocks';
import { type Chosen, chooseByGroups, chooseByRank, type Part, type Wish } from './choose';
import { criteria, criterionById, criterionIds } from './criteria/registry';
import type { Criterion, ScoreContext } from './criteria/types';
import { masked, requireLayers } from './layers';
import { masksOf, notesOf } from './prune-notes';
import { defineMethod, finish, type MethodContext, type Work } from './types';

/** Shapes of which a rate says how many go; of N:M the pattern says it. */
const RATED = ['weights', '4x1', 'block'] as const;
const BY_RATE = { shape: [...RATED] };
const blockSide = (label: string) =>
  ({
    kind: 'number',
    label,
    default: 4,
    min: 1,
    max: 64,
    step: 1,
    integer: true,
    unit: 'none',
    when: { shape: 'block' },
  }) as const;

/** Images behind a score, unless the criterion suggests another number. */
const IMAGES = 1000;

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
    when: BY_RATE,
  },
  shape: { kind: 'choice', label: 'Shape', default: 'weights', options: [...RATED, 'nm'] },
  keep: {
    kind: 'number',
    label: 'Kept per group',
    default: 2,
    min: 1,
    max: 16,
    step: 1,
    integer: true,
    unit: 'none',
    when: { shape: 'nm' },
  },
  every: {
    kind: 'number',
    label: 'Group size',
    default: 4,
    min: 2,
    max: 16,
    step: 1,
    integer: true,
    unit: 'none',
    when: { shape: 'nm' },
  },
  blockInputs: blockSide('Block inputs'),
  blockOutputs: blockSide('Block outputs'),
  scope: { kind: 'choice', label: 'Scope', default: 'layer', options: ['layer', 'global'], when: BY_RATE },
  floor: {
    kind: 'number',
    label: 'Every layer keeps',
    default: 0,
    min: 0,
    max: 1,
    step: 0.001,
    unit: 'fraction',
    when: { ...BY_RATE, scope: 'global' },
    advanced: true,
  },
  outputHalf: { kind: 'flag', label: 'Output layer at half rate', default: true, when: BY_RATE },
  layers: {
    kind: 'perLayer',
    label: 'Sparsity per layer',
    default: {},
    of: 'sparsity',
    when: BY_RATE,
    advanced: true,
  },
  criterion: {
    kind: 'choice',
    label: 'Criterion',
    default: 'magnitude',
    options: criterionIds,
    suits: Object.fromEntries(
      criteria.filter((c) => c.needs).map(({ id, images = IMAGES }) => [id, { images }]),
    ),
  },
  images: {
    kind: 'number',
    label: 'Images behind the score',
    default: IMAGES,
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
 * Removes exactly round(p * n) of the n weights that are still there, lowest score first, ties by index. Where the
 * criterion knows something from data, or says so, ties are drawn instead, from the method seed: inputs that are never on
 * and units that are dead have gradients of exactly zero, thousands at a time, and by index whole rows would go.
 *
 * Layer-wise: p of every layer. Global: p of all layers ranked together. Layers with a rate of their own
 * are always pruned by themselves and leave the global ranking: those named in `layers`, and the output
 * layer at p/2 while `outputHalf` is on. Pruned weights never come back; biases are never pruned. Weights that are held
 * at a value count as pruned and stay held.
 *
 * Trap: a global ranking can empty a small layer. With a floor every layer of the ranking keeps that share of its
 * weights, and one at least; the others lose more instead, and the card says so.
 *
 * Shapes: kernels are [inputs, outputs], of a convolution [kh * kw * cin, cout], as kernels execute them. 4x1 are four
 * neighbouring outputs of one input, from the first on; blocks are inputs x outputs of any size; either counts
 * what is cut off at the edges as a block, scores it by the sum of its survivors' scores, and takes exactly
 * round(p * b) of the b blocks that have survivors. N:M keeps the N highest of every M inputs of each output, in every
 * layer: there is no rate, and so neither scope nor rates per layer.
 */
export const prune = defineMethod({
  id: 'prune',
  kind: 'criterion',
  live: true,
  params,
  slider: 'sparsity',
  neutral: { sparsity: 0 },
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
  if (criterion.compensate) refuseHeld(state, weightLayers(state.arch).map(kernelName), '');
  if (criterion.prepare) yield* criterion.prepare(state, asked);
  const ranked = unheld(state);
  const chosen = groups(state, values).map(({ layers, ...wish }) => {
    const parts = layers.map((layer) => partOf(ranked, layer, criterion, asked));
    return { layers, ...choose(parts, wish, values) };
  });
  for (const note of notesOf(chosen, values.shape)) context.note(note);
  const kept = keepingHeld(Object.fromEntries(chosen.flatMap(masksOf)), state.held);
  if (Object.keys(kept).length === 0) return state;
  const masks = { ...state.masks, ...kept };
  const tensors = { ...state.tensors };
  for (const name of Object.keys(kept)) tensors[name] = masked(tensors[name], kept[name]);
  if (criterion.compensate) Object.assign(tensors, yield* criterion.compensate(state, masks, asked));
  return { ...state, masks, tensors };
}

/** Sets of layers that are ranked together, each with its rate; the floor is of the common ranking. */
function groups(state: NetState, values: Values): (Wish & { layers: WeightLayer[] })[] {
  const all = weightLayers(state.arch);
  const own = (layer: WeightLayer): number | undefined => {
    if (Object.hasOwn(values.layers, layer.name)) return values.layers[layer.name];
    const isOutput = originalName(layer.name) === outputLayer(state.arch);
    return isOutput && values.outputHalf ? values.sparsity / 2 : undefined;
  };
  const alone = all.map((layer) => ({ layers: [layer], rate: own(layer) ?? values.sparsity, floor: 0 }));
  if (values.scope === 'layer') return alone;
  const together = all.filter((layer) => own(layer) === undefined);
  return [
    { layers: together, rate: values.sparsity, floor: values.floor },
    ...alone.filter(({ layers }) => own(layers[0]) !== undefined),
  ];
}

const partOf = (state: NetState, layer: WeightLayer, criterion: Criterion, context: ScoreContext): Part => ({
  layer: layer.name,
  columns: channels(layer),
  scores: criterion.score(state, layer, context),
  mask: state.masks[kernelName(layer)],
  // One draw for good, so that a moved slider takes more of the same.
  ...((criterion.needs || criterion.drawsTies) && {
    ties: () => context.uniform(kernelSize(layer), 'ties', layer.name),
  }),
});

function choose(parts: Part[], wish: Wish, values: Values): Chosen {
  const { shape, keep, every } = values;
  if (shape === 'nm') return chooseByGroups(parts, { keep, every });
  return chooseByRank(parts, { ...wish, blocks: blocksOf(values) });
}
function blocksOf({ shape, blockInputs, blockOutputs }: Values): BlockSize | undefined {
  if (shape === '4x1') return FOUR_OUTPUTS;
  return shape === 'block' ? { rows: blockInputs, columns: blockOutputs } : undefined;
}
