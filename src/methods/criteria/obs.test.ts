import { describe, expect, it } from 'vitest';
import { channels, dense, kernelName, kernelNames, network, weightLayers } from '../../models/build';
import { modelById } from '../../models/registry';
import type { Arch, Masks, NetState } from '../../models/types';
import { withDefaults } from '../../spec/defaults';
import type { EvidenceOf } from '../evidence';
import { contextWith, evidenceFor, graphArch, lenet, smallArch, trainedState } from '../fixtures';
import golden from '../goldens/obs.json';
import { maskedAll } from '../layers';
import { prune } from '../prune';
import { smallest } from '../select';
import { Quadratic } from '../surgeon/quadratic';
import { finish } from '../types';
import { obs } from './obs';
import { obsLayer } from './obs-layer';
import type { ScoreContext } from './types';

const knowing = (evidence: Partial<EvidenceOf>, arch: Arch): ScoreContext => ({
  ...contextWith(evidence, arch),
  images: 10,
});
/** Evidence that is made once. */
const fixed = (arch: Arch): Pick<EvidenceOf, 'inputs' | 'curvature'> => {
  const { inputs, curvature } = evidenceFor(arch);
  return { inputs, curvature };
};
const masksOf = (state: NetState, rate: number): Masks =>
  Object.fromEntries(
    kernelNames(state.arch).map((name, n) => {
      const mask = Uint8Array.from(state.tensors[name], (_, i) => (((i * 7 + n) % 10) / 10 < rate ? 0 : 1));
      return [name, mask];
    }),
  );
const pruned = (state: NetState, masks: Masks): NetState => ({
  ...state,
  masks,
  tensors: maskedAll(state.tensors, masks),
});
const tiny = network([3, 3, 1], [dense('fc1', 4), dense('out', 3, 'linear')]);

describe('against NumPy', () => {
  const { rows, outputs } = golden;
  const arch = network([1, 1, rows], [dense('fc', outputs, 'linear')]);
  const state: NetState = {
    ...trainedState(arch),
    masks: { 'fc/kernel': Uint8Array.from(golden.before) },
    tensors: {
      'fc/kernel': Float32Array.from(golden.kernel, (w, i) => w * golden.before[i]),
      'fc/bias': Float32Array.from(golden.bias),
    },
  };
  const moments = { size: rows + 1, groups: 1, matrix: Float64Array.from(golden.matrix) };
  const context = knowing({ inputs: { fc: moments } }, arch);
  it('damps as stated', () => {
    expect(new Quadratic(moments.matrix, rows + 1, rows + 1).damping).toBeCloseTo(golden.damping, 12);
  });
  it('scores', () => {
    const scores = obsLayer.score(state, weightLayers(arch)[0], context);
    golden.scores.forEach((s, i) => {
      expect(Math.abs(scores[i] - s)).toBeLessThan(1e-5 * (1 + s));
    });
  });
  it('what remains', () => {
    const kept = { 'fc/kernel': Uint8Array.from(golden.kept) };
    const after = finish(obsLayer.compensate!(state, kept, context));
    for (const [name, wanted] of [
      ['fc/kernel', golden.after] as const,
      ['fc/bias', golden.biasAfter] as const,
    ]) {
      wanted.forEach((w, i) => {
        expect(Math.abs(after[name][i] - w)).toBeLessThan(1e-5);
      });
    }
  });
});

describe.each([
  ['small', smallArch],
  ['graph', graphArch],
  ['tiny', tiny],
] as const)('on the network %s', (_, arch) => {
  const evidence = fixed(arch);
  const context = knowing(evidence, arch);
  const dense0 = trainedState(arch);
  const before = pruned(dense0, masksOf(dense0, 0.3));
  it.each([obsLayer, obs])(
    '$id: scores are those of the plain reference, after earlier pruning too',
    (criterion) => {
      for (const state of [dense0, before]) {
        for (const layer of weightLayers(arch)) {
          const [fast, plain] = [
            criterion.score(state, layer, context),
            criterion.reference!(state, layer, context),
          ];
          plain.forEach((s, i) => {
            expect(Math.abs(fast[i] - s)).toBeLessThanOrEqual(1e-5 * (Math.abs(s) + 1e-3));
          });
        }
      }
    },
  );
  it.each([obsLayer, obs])('$id: zeros stay exact, the rest moves, and nothing else does', (criterion) => {
    const kept = masksOf(before, 0.5);
    const after = finish(criterion.compensate!(before, kept, context));
    const biases = criterion === obsLayer ? weightLayers(arch).filter((l) => l.bias).length : 0;
    expect(Object.keys(after).length).toBe(kernelNames(arch).length + biases);
    let moved = 0;
    for (const name of kernelNames(arch)) {
      after[name].forEach((w, i) => {
        if (kept[name][i] === 0) expect(Object.is(w, 0)).toBe(true);
        else if (w !== before.tensors[name][i]) moved++;
      });
    }
    expect(moved).toBeGreaterThan(0);
    expect(before).toEqual(pruned(dense0, masksOf(dense0, 0.3)));
  });
  it.each([obsLayer, obs])('$id: where nothing goes nothing changes', (criterion) => {
    const same = finish(criterion.compensate!(before, before.masks, context));
    for (const [name, t] of Object.entries(same)) expect(t).toEqual(before.tensors[name]);
    expect(finish(criterion.compensate!(dense0, {}, context))).toEqual({});
  });
  it('obs-layer: no layer is further from its old outputs than with the weights just left out', () => {
    const kept = masksOf(before, 0.5);
    const after = finish(obsLayer.compensate!(before, kept, context));
    for (const layer of weightLayers(arch)) {
      const { size, groups, matrix } = evidence.inputs[layer.name];
      const [outputs, name] = [channels(layer), kernelName(layer)];
      const rows = before.tensors[name].length / outputs;
      for (let j = 0; j < outputs; j++) {
        const error = (kernel: Float32Array, bias: Float32Array | undefined) => {
          const change = Array.from({ length: size }, (_, i) =>
            i < rows
              ? kernel[i * outputs + j] - before.tensors[name][i * outputs + j]
              : layer.bias && bias
                ? bias[j] - before.tensors[`${layer.name}/bias`][j]
                : 0,
          );
          let sum = 0;
          change.forEach((a, i) => {
            change.forEach((b, k) => {
              sum += a * b * matrix[((j % groups) * size + i) * size + k];
            });
          });
          return sum;
        };
        const left = before.tensors[name].map((w, i) => w * kept[name][i]);
        const plain = error(left, layer.bias ? before.tensors[`${layer.name}/bias`] : undefined);
        expect(error(after[name], after[`${layer.name}/bias`])).toBeLessThanOrEqual(plain * (1 + 1e-6));
      }
    }
  });
});

describe('through the prune card', () => {
  const run = (state: NetState, criterion: string, sparsity: number, evidence = fixed(state.arch)) =>
    prune.apply(
      state,
      withDefaults(prune.params, { criterion, sparsity, images: 10 }),
      contextWith(evidence, state.arch),
    );
  it('masks are those of the scores, and what remains is what the criterion makes of it', () => {
    const state = trainedState(tiny);
    const evidence = fixed(tiny);
    const context = knowing(evidence, tiny);
    for (const criterion of [obs, obsLayer]) {
      const after = run(state, criterion.id, 0.5, evidence);
      const [fc1, out] = weightLayers(tiny);
      expect(after.masks['fc1/kernel']).toEqual(
        smallest(criterion.score(state, fc1, context), undefined, 18),
      );
      expect(after.masks['out/kernel']).toEqual(smallest(criterion.score(state, out, context), undefined, 3));
      const wanted = finish(criterion.compensate!(state, after.masks, context));
      for (const [name, t] of Object.entries(wanted)) expect(after.tensors[name]).toEqual(t);
      expect(after.start).toBe(state.start);
    }
  });
  it('goes on from what was pruned before', () => {
    const first = run(trainedState(graphArch), 'obs-layer', 0.4);
    const second = run(first, 'obs-layer', 0.4);
    for (const name of kernelNames(graphArch)) {
      first.masks[name].forEach((m, i) => {
        if (m === 0) expect([second.masks[name][i], second.tensors[name][i]]).toEqual([0, 0]);
      });
    }
  });
  it('on a quantized network latent weights are changed, and rounded again when executed', () => {
    const quant = Object.fromEntries(
      kernelNames(tiny).map((n) => [n, { bits: 3, scheme: 'affine', granularity: 'tensor' } as const]),
    );
    const plain = trainedState(tiny);
    const after = run({ ...plain, quant }, 'obs-layer', 0.5);
    expect(after.quant).toBe(quant);
    expect(after.tensors).toEqual(run(plain, 'obs-layer', 0.5).tensors);
  });
  it('refuses networks that are too large, before anything is measured', () => {
    const values = (criterion: string) => withDefaults(prune.params, { criterion, sparsity: 0.5 });
    expect(() => prune.needs!(trainedState(lenet), values('obs'))).toThrow(/at most 2000 weights.*266200/);
    expect(prune.needs!(trainedState(lenet), values('obs-layer'))).toEqual([
      { kind: 'inputs', images: 1000 },
    ]);
    const conv4 = trainedState(modelById('conv-4').build([32, 32, 3], 10));
    expect(() => prune.needs!(conv4, values('obs-layer'))).toThrow(/2048 inputs.*fc1 read 8192/);
  });
});
