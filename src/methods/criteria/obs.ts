import { kernelName, kernelSize, weightCount, weightLayers } from '../../models/build';
import type { Masks, NetState } from '../../models/types';
import { WinnowError } from '../../spec/problem';
import type { Curvature } from '../evidence';
import { plainScores } from '../surgeon/plain';
import { dampingOf, Quadratic } from '../surgeon/quadratic';
import { finish } from '../types';
import type { Criterion, ScoreContext } from './types';

/** Weights of the whole network: the Hessian has that many squared entries, and its inverse takes their cube. */
export const MOST_WEIGHTS = 2000;

/**
 * Optimal Brain Surgeon with the whole inverse Hessian: by how much the loss rises when a weight goes and all other
 * weights, of all layers, move to where the loss is lowest without it. Several weights that go at once are one
 * least-squares problem, whose answer is what removing them one by one with the inverse brought up to date gives.
 *
 * Heeds: the Hessian is its Gauss-Newton part (the paper's outer products; for softmax cross-entropy
 * Jᵀ (diag p - p pᵀ) J), which cannot have negative curvature, plus `DAMPING` of the mean diagonal; the gradient is
 * taken as zero, so that it is for trained networks; the quadratic form is of the weights here, and a step that takes
 * most of them leaves the place where it holds. Biases stay as they are. Latent weights are scored and changed.
 */
export const obs: Criterion = {
  id: 'obs',
  words: {
    en: {
      name: 'Optimal Brain Surgeon',
      about:
        'Weights whose loss all others together can best make up for go first; then all others move. For networks of at most 2,000 weights.',
    },
    zh: {
      name: '最优脑外科（OBS）',
      about: '先剪掉其余所有权重最能弥补的权重，随后其余权重一起调整。仅用于不超过 2000 个权重的网络。',
    },
  },
  formula:
    's_q = \\frac{w_q^2}{2\\,[H^{-1}]_{qq}},\\quad H = \\overline{J^{\\top}(\\mathrm{diag}\\,p - p p^{\\top})J} + \\lambda I,\\qquad \\delta w = -H^{-1}_{:P}\\,\\bigl([H^{-1}]_{PP}\\bigr)^{-1} w_P',
  citations: [
    {
      text: 'Hassibi, Stork: Second order derivatives for network pruning: Optimal Brain Surgeon. NeurIPS (1993)',
      url: 'https://proceedings.neurips.cc/paper/1992/hash/303ed4c69846ab36c2904d3ba8573050-Abstract.html',
    },
  ],
  needs: ['curvature'],
  check({ arch }) {
    const found = weightCount(arch);
    if (found <= MOST_WEIGHTS) return;
    throw new WinnowError({
      code: 'obs.weights',
      path: 'with.criterion',
      message: `Optimal Brain Surgeon with the whole Hessian is for networks of at most ${MOST_WEIGHTS} weights, this one has ${found}; obs-layer does the same layer by layer`,
      values: { max: MOST_WEIGHTS, found },
    });
  },
  *prepare(state, context) {
    yield* quadraticOf(context).diagonal(thereOf(state, state.masks));
  },
  score(state, layer, context) {
    const mask = state.masks[kernelName(layer)];
    const kernel = state.tensors[kernelName(layer)];
    const diagonal = finish(quadraticOf(context).diagonal(thereOf(state, state.masks)));
    const from = placesOf(state).get(kernelName(layer)) as number;
    return kernel.map((w, i) => (mask && mask[i] === 0 ? 0 : w ** 2 / (2 * diagonal[from + i])));
  },
  reference(state, layer, context) {
    const { size, matrix } = context.evidence('curvature', context.images);
    const at = (i: number, j: number) => matrix[i * size + j];
    const diagonal = Array.from({ length: size }, (_, i) => at(i, i));
    const all = thereOf(state, state.masks);
    const there = [...diagonal.keys()].filter((i) => !all || all[i] === 1);
    const weights = weightLayers(state.arch).flatMap((l) => Array.from(state.tensors[kernelName(l)]));
    const from = placesOf(state).get(kernelName(layer)) as number;
    return plainScores(at, dampingOf(diagonal), weights, there).slice(from, from + kernelSize(layer));
  },
  *compensate(state, kept, context) {
    const [there, weights] = [thereOf(state, kept), new Float64Array(weightCount(state.arch))];
    if (!there) return {};
    const places = placesOf(state);
    for (const [name, from] of places) {
      const mask = state.masks[name];
      state.tensors[name].forEach((w, i) => {
        if (!mask || mask[i] === 1) weights[from + i] = w;
      });
    }
    const change = yield* quadraticOf(context).change(weights, there);
    const moved = (name: string, from: number) =>
      state.tensors[name].map((_, i) => (there[from + i] === 1 ? weights[from + i] + change[from + i] : 0));
    return Object.fromEntries([...places].map(([name, from]) => [name, moved(name, from)]));
  },
};

/** Where each kernel begins among all weights. */
function placesOf(state: NetState): Map<string, number> {
  const places = new Map<string, number>();
  let at = 0;
  for (const layer of weightLayers(state.arch)) {
    places.set(kernelName(layer), at);
    at += kernelSize(layer);
  }
  return places;
}

/** One mask over all weights; undefined where none has gone. */
function thereOf(state: NetState, masks: Masks): Uint8Array | undefined {
  const there = new Uint8Array(weightCount(state.arch)).fill(1);
  for (const [name, from] of placesOf(state)) if (masks[name]) there.set(masks[name], from);
  return there.includes(0) ? there : undefined;
}

/** Kept with the evidence. */
function quadraticOf({ evidence, images }: ScoreContext): Quadratic {
  const curvature = evidence('curvature', images);
  const quadratic = known.get(curvature) ?? new Quadratic(curvature.matrix, curvature.size, curvature.size);
  known.set(curvature, quadratic);
  return quadratic;
}
const known = new WeakMap<Curvature, Quadratic>();
