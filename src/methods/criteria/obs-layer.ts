import { biasName, channels, kernelName, kernelSize, weightLayers } from '../../models/build';
import type { NetState, Tensors, WeightLayer } from '../../models/types';
import { WinnowError } from '../../spec/problem';
import type { InputMoments } from '../evidence';
import { masked } from '../layers';
import { plainScores } from '../surgeon/plain';
import { dampingOf, keyOf, Quadratic } from '../surgeon/quadratic';
import { finish, type Work } from '../types';
import type { Criterion, ScoreContext } from './types';

/** Inputs of an output that a layer may have: H has that many squared entries, and its inverse takes their cube. */
export const MOST_INPUTS = 2048;

/**
 * Layer-wise Optimal Brain Surgeon: what leaving a weight out does to the output of its own layer before the
 * activation, squared and averaged over images and positions, when the other weights of that output (and its bias)
 * make up for it as well as they can. All outputs read the same inputs and so share one H.
 *
 * Heeds: H of a few images has no inverse (inputs that are always zero), so `DAMPING` of its mean diagonal is added;
 * weights pruned before stay out of the system, so that their row can neither pay nor be paid for; the change is the
 * exact least-squares answer for the mask that was chosen, not a chain of single removals that forgets its past.
 * Latent weights are scored and changed; on a quantized network they are rounded again after that.
 */
export const obsLayer: Criterion = {
  id: 'obs-layer',
  words: {
    en: {
      name: 'Optimal Brain Surgeon, by layer',
      about:
        'Weights whose loss the rest of the layer can best make up for go first; then the rest really makes up for them.',
    },
    zh: {
      name: '最优脑外科（OBS，逐层）',
      about: '先剪掉其余权重最能弥补的权重，随后同层其余权重按最小二乘作出补偿。',
    },
  },
  formula:
    's_q = \\frac{w_q^2}{2\\,[H^{-1}]_{qq}},\\quad H = \\overline{x x^{\\top}} + \\lambda I,\\qquad \\delta w_K = H_{KK}^{-1} H_{KP}\\, w_P',
  citations: [
    {
      text: 'Dong, Chen, Pan: Learning to prune deep neural networks via layer-wise optimal brain surgeon. NeurIPS (2017)',
      url: 'https://arxiv.org/abs/1705.07565',
    },
    {
      text: 'Frantar, Alistarh: Optimal Brain Compression: a framework for accurate post-training quantization and pruning. NeurIPS (2022)',
      url: 'https://arxiv.org/abs/2208.11580',
    },
  ],
  needs: ['inputs'],
  check(state) {
    for (const layer of weightLayers(state.arch)) {
      const found = rowsOf(layer);
      if (found > MOST_INPUTS) throw tooWide(layer.name, found);
    }
  },
  *prepare(state, context) {
    for (const layer of weightLayers(state.arch)) {
      const { quadratics, outputs } = systemOf(layer, context);
      const mask = state.masks[kernelName(layer)];
      for (let j = 0; j < outputs; j++)
        yield* quadratics[j % quadratics.length].diagonal(thereOf(mask, layer, j));
    }
  },
  score(state, layer, context) {
    const { quadratics, rows, outputs } = systemOf(layer, context);
    const kernel = state.tensors[kernelName(layer)];
    const mask = state.masks[kernelName(layer)];
    const out = new Float32Array(kernel.length);
    for (let j = 0; j < outputs; j++) {
      const diagonal = finish(quadratics[j % quadratics.length].diagonal(thereOf(mask, layer, j)));
      for (let i = 0, at = j; i < rows; i++, at += outputs) {
        if (!mask || mask[at] === 1) out[at] = kernel[at] ** 2 / (2 * diagonal[i]);
      }
    }
    return out;
  },
  reference(state, layer, context) {
    const { size, groups, matrix } = context.evidence('inputs', context.images)[layer.name];
    const [rows, outputs] = [rowsOf(layer), channels(layer)];
    const kernel = state.tensors[kernelName(layer)];
    const out = new Array<number>(kernel.length);
    for (let j = 0; j < outputs; j++) {
      const at = (i: number, k: number) => matrix[((j % groups) * size + i) * size + k];
      const places = Array.from({ length: rows + (layer.bias ? 1 : 0) }, (_, i) => i);
      const mask = state.masks[kernelName(layer)];
      const there = places.filter((i) => i >= rows || !mask || mask[i * outputs + j] === 1);
      const weights = places.slice(0, rows).map((i) => kernel[i * outputs + j]);
      const scores = plainScores(at, dampingOf(places.map((i) => at(i, i))), weights, there);
      for (const [i, s] of scores.entries()) out[i * outputs + j] = s;
    }
    return out;
  },
  *compensate(state, kept, context) {
    const changed: Record<string, Float32Array> = {};
    for (const layer of weightLayers(state.arch)) {
      const mask = kept[kernelName(layer)];
      if (mask) Object.assign(changed, yield* repaired(state, layer, mask, context));
    }
    return changed;
  },
};

/** Weights of one output of a layer: [rows, outputs] is the kernel. */
const rowsOf = (layer: WeightLayer): number => kernelSize(layer) / channels(layer);

/** Of the evidence for a layer: one quadratic form for all its outputs, or one each. Kept with it. */
function systemOf(layer: WeightLayer, context: ScoreContext) {
  const moments = context.evidence('inputs', context.images)[layer.name];
  let quadratics = known.get(moments);
  if (!quadratics) {
    const { size, groups, matrix } = moments;
    const order = rowsOf(layer) + (layer.bias ? 1 : 0);
    quadratics = Array.from(
      { length: groups },
      (_, g) => new Quadratic(matrix, size, order, g * size * size),
    );
    known.set(moments, quadratics);
  }
  return { quadratics, rows: rowsOf(layer), outputs: channels(layer) };
}
const known = new WeakMap<InputMoments, Quadratic[]>();

/** Which weights of output `j` a mask leaves, and the bias, which always stays; undefined where none has gone. */
function thereOf(mask: Uint8Array | undefined, layer: WeightLayer, j: number): Uint8Array | undefined {
  if (!mask) return undefined;
  const [rows, outputs] = [rowsOf(layer), channels(layer)];
  const there = new Uint8Array(rows + (layer.bias ? 1 : 0)).fill(1);
  let gone = false;
  for (let i = 0, at = j; i < rows; i++, at += outputs) {
    there[i] = mask[at];
    gone ||= mask[at] === 0;
  }
  return gone ? there : undefined;
}

/** Kernel and bias of a layer with what remains made up for what goes; nothing where nothing goes. */
function* repaired(
  state: NetState,
  layer: WeightLayer,
  kept: Uint8Array,
  context: ScoreContext,
): Work<Tensors> {
  const { quadratics, rows, outputs } = systemOf(layer, context);
  const kernel = masked(state.tensors[kernelName(layer)], state.masks[kernelName(layer)]);
  const bias = layer.bias ? state.tensors[biasName(layer)] : undefined;
  const next = masked(kernel, kept);
  const nextBias = bias?.slice();
  for (const { quadratic, there, members } of alike(layer, kernel, kept, quadratics)) {
    const columns = members.map((j) => columnOf(kernel, bias, rows, outputs, j));
    const changes = yield* quadratic.changes(columns, there);
    for (const [c, j] of members.entries()) {
      for (let i = 0, at = j; i < rows; i++, at += outputs) if (kept[at] === 1) next[at] += changes[c][i];
      if (nextBias) nextBias[j] += changes[c][rows];
    }
  }
  return { [kernelName(layer)]: next, ...(nextBias && { [biasName(layer)]: nextBias }) };
}

/** Outputs that lose something, those with the same weights left together: they are one system of equations. */
function alike(layer: WeightLayer, kernel: Float32Array, kept: Uint8Array, quadratics: readonly Quadratic[]) {
  const sets = new Map<string, { quadratic: Quadratic; there: Uint8Array; members: number[] }>();
  const [rows, outputs] = [rowsOf(layer), channels(layer)];
  for (let j = 0; j < outputs; j++) {
    const there = thereOf(kept, layer, j);
    let loses = false;
    for (let i = 0, at = j; i < rows; i++, at += outputs) loses ||= kept[at] === 0 && kernel[at] !== 0;
    if (!there || !loses) continue;
    const key = `${j % quadratics.length} ${keyOf(there)}`;
    const set = sets.get(key) ?? { quadratic: quadratics[j % quadratics.length], there, members: [] };
    set.members.push(j);
    sets.set(key, set);
  }
  return sets.values();
}

function columnOf(
  kernel: Float32Array,
  bias: Float32Array | undefined,
  rows: number,
  outputs: number,
  j: number,
) {
  const out = new Float64Array(rows + (bias ? 1 : 0));
  for (let i = 0, at = j; i < rows; i++, at += outputs) out[i] = kernel[at];
  if (bias) out[rows] = bias[j];
  return out;
}

const tooWide = (layer: string, found: number) =>
  new WinnowError({
    code: 'obs.inputs',
    path: 'with.criterion',
    message: `layer-wise OBS is for layers whose outputs read at most ${MOST_INPUTS} inputs each; those of ${layer} read ${found}`,
    values: { max: MOST_INPUTS, name: layer, found },
  });
