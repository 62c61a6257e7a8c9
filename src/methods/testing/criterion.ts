/** What every criterion must keep, whatever it ranks by; each `check` throws where it does not. */
import katex from 'katex';
import { expect } from 'vitest';
import { conv, dense, kernelName, kernelSize, maxpool, network, weightLayers } from '../../models/build';
import type { NetState } from '../../models/types';
import { withDefaults } from '../../spec/defaults';
import type { Criterion, ScoreContext } from '../criteria/types';
import type { EvidenceKind, EvidenceOf } from '../evidence';
import { contextWith, evidenceFor, graphOf, trainedState } from '../fixtures';
import { prune } from '../prune';
import { survivors } from '../select';
import { finish, type MethodContext } from '../types';

/** Only what the criterion says it needs: one that asks for more finds nothing. */
export function contextFor(criterion: Criterion, state: NetState): MethodContext & ScoreContext {
  const all = evidenceFor(state.arch);
  const known = Object.fromEntries((criterion.needs ?? []).map((kind: EvidenceKind) => [kind, all[kind]]));
  return { ...contextWith(known as Partial<EvidenceOf>, state.arch), images: 10 };
}
// So small that what takes the cube of all weights is quick.
const chain = network(
  [6, 6, 1],
  [conv('conv1', { filters: 2, kernel: 3 }), maxpool('pool1', 2), dense('fc1', 6), dense('out', 3, 'linear')],
);
const graph = graphOf([5, 5, 1], 3, 5, 3);
/** Trained, and thinned by earlier rounds; with convolutions, depthwise ones and norms. */
export const states = (): NetState[] =>
  [chain, graph].flatMap((arch) => {
    const state = trainedState(arch);
    const mask = (n: number) => Uint8Array.from({ length: n }, (_, i) => (i % 3 === 1 ? 0 : 1));
    const masks = Object.fromEntries(
      weightLayers(arch).map((layer) => [kernelName(layer), mask(kernelSize(layer))]),
    );
    const tensors = Object.fromEntries(
      Object.entries(state.tensors).map(([name, t]) => [
        name,
        masks[name] ? t.map((w, i) => (masks[name][i] ? w : 0)) : t,
      ]),
    );
    return [state, { ...state, masks, tensors }];
  });

export const scoresOf = (criterion: Criterion, state: NetState): Float32Array[] => {
  const context = contextFor(criterion, state);
  criterion.check?.(state);
  if (criterion.prepare) finish(criterion.prepare(state, context));
  return weightLayers(state.arch).map((layer) => criterion.score(state, layer, context));
};

export function checkWords({ words, formula, citations, id }: Criterion): void {
  expect(id).toMatch(/^[a-z][a-z0-9-]*[a-z0-9]$/);
  for (const language of ['en', 'zh'] as const) {
    expect(words[language].name).not.toBe('');
    expect(words[language].about).not.toBe('');
  }
  expect(words.zh.about).toMatch(/\p{Script=Han}/u);
  expect(katex.renderToString(formula, { throwOnError: true })).toContain('katex');
  expect(citations.length).toBeGreaterThan(0);
  for (const { text } of citations) expect(text).toMatch(/\(\d{4}\)/);
}

/** One finite score per weight, the same every time, and nothing changed by asking. */
export function checkScores(criterion: Criterion): void {
  states().forEach((state, n) => {
    const untouched = states()[n];
    const scores = scoresOf(criterion, state);
    weightLayers(state.arch).forEach((layer, i) => {
      expect(scores[i]).toBeInstanceOf(Float32Array);
      expect(scores[i].length).toBe(kernelSize(layer));
      const mask = state.masks[kernelName(layer)];
      expect(scores[i].every((s, j) => (mask && mask[j] === 0) || Number.isFinite(s))).toBe(true);
      for (const tensor of Object.values(state.tensors)) expect(scores[i]).not.toBe(tensor);
    });
    expect(scoresOf(criterion, states()[n])).toEqual(scores);
    expect(state).toEqual(untouched);
  });
}

/** The fast scores against the plain ones, where the score is a formula. */
export function checkReference(criterion: Criterion): void {
  if (!criterion.reference) return;
  for (const state of states()) {
    const scores = scoresOf(criterion, state);
    const context = contextFor(criterion, state);
    weightLayers(state.arch).forEach((layer, i) => {
      const plain = criterion.reference!(state, layer, context);
      expect(plain.length).toBe(scores[i].length);
      const mask = state.masks[kernelName(layer)];
      const wrong = plain.findIndex(
        (p, j) => mask?.[j] !== 0 && !(Math.abs(scores[i][j] - p) <= 1e-5 * Math.abs(p) + 1e-9),
      );
      expect([wrong, scores[i][wrong]]).toEqual([-1, undefined]);
    });
  }
}

const pruned = (criterion: Criterion, state: NetState, values: object) =>
  prune.apply(
    state,
    withDefaults(prune.params, { criterion: criterion.id, images: 10, outputHalf: false, ...values }),
    contextFor(criterion, state),
  );
const left = (state: NetState) =>
  weightLayers(state.arch).map((layer) => survivors(state.masks[kernelName(layer)], kernelSize(layer)));

/** Used by `prune`: nothing at 0, exactly k otherwise, masks that only shrink, exact zeros, in every shape and scope. */
export function checkPruning(criterion: Criterion): void {
  for (const state of states()) {
    expect(pruned(criterion, state, { sparsity: 0 })).toBe(state);
    let before = state;
    for (const sparsity of [0.3, 0.2, 0.5]) {
      const after = pruned(criterion, before, { sparsity });
      expect(left(after)).toEqual(left(before).map((n) => n - Math.round(sparsity * n)));
      expectShrunk(before, after);
      before = after;
    }
    const sum = (counts: number[]) => counts.reduce((a, b) => a + b, 0);
    const global = pruned(criterion, state, { sparsity: 0.4, scope: 'global' });
    expect(sum(left(global))).toBe(sum(left(state)) - Math.round(0.4 * sum(left(state))));
    for (const shape of ['4x1', 'block', 'nm']) {
      expectShrunk(state, pruned(criterion, state, { sparsity: 0.5, shape }));
    }
    expect(pruned(criterion, state, { sparsity: 0.6 })).toEqual(pruned(criterion, state, { sparsity: 0.6 }));
  }
}
function expectShrunk(before: NetState, after: NetState): void {
  expect(after).not.toBe(before);
  for (const layer of weightLayers(after.arch)) {
    const name = kernelName(layer);
    const [was, is] = [before.masks[name], after.masks[name]];
    expect(
      is.every(
        (m, i) =>
          (m === 0 || was === undefined || was[i] === 1) && (m === 1 || Object.is(after.tensors[name][i], 0)),
      ),
    ).toBe(true);
    expect(after.tensors[name].every(Number.isFinite)).toBe(true);
  }
}
