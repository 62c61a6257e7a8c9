/** Against torch.nn.utils.prune and NumPy (goldens/prune.py). */
import { describe, expect, it } from 'vitest';
import { dense, kernelName, network, weightLayers } from '../models/build';
import { tensorsOf } from '../models/tensors';
import type { Arch, NetState } from '../models/types';
import { withDefaults } from '../spec/defaults';
import { context, smallArch } from './fixtures';
import golden from './goldens/prune.json';
import { prune } from './prune';

const stateOf = (arch: Arch, kernels: Readonly<Record<string, number[]>>): NetState => {
  const tensors = Object.fromEntries(
    tensorsOf(arch).map(({ name, length, layer }) => [
      name,
      name.endsWith('/kernel') ? Float32Array.from(kernels[layer.name]) : new Float32Array(length),
    ]),
  );
  return { arch, tensors, masks: {}, quant: {}, start: tensors, trainings: 1, steps: 1 };
};
const run = (state: NetState, values: Partial<Parameters<typeof prune.apply>[1]>) =>
  prune.apply(state, withDefaults(prune.params, { outputHalf: false, ...values }), context(state.arch));
const oneLayer = (rows: number, columns: number) => network([1, 1, rows], [dense('fc1', columns, 'linear')]);

describe('torch.nn.utils.prune', () => {
  it.each(golden.torch)('$name', ({ scope, amounts, kernels, masks }) => {
    let state = stateOf(smallArch, kernels);
    amounts.forEach((sparsity, round) => {
      state = run(state, { scope: scope as 'layer' | 'global', sparsity });
      for (const layer of weightLayers(smallArch)) {
        const wanted = masks[round][layer.name as 'conv1'];
        expect([layer.name, state.masks[kernelName(layer)].join('')]).toEqual([layer.name, wanted]);
      }
    });
  });
});

describe('NumPy', () => {
  it.each(golden.blocks)(
    'blocks $r x $c of [$rows, $columns]',
    ({ rows, columns, r, c, amount, kernel, mask }) => {
      const state = stateOf(oneLayer(rows, columns), { fc1: kernel });
      const shaped =
        r === 1 && c === 4
          ? { shape: '4x1' as const }
          : { shape: 'block' as const, blockInputs: r, blockOutputs: c };
      expect(run(state, { ...shaped, sparsity: amount }).masks['fc1/kernel'].join('')).toBe(mask);
    },
  );
  it.each(golden.nm)('$n:$m of [$rows, $columns]', ({ rows, columns, n, m, kernel, mask }) => {
    const state = stateOf(oneLayer(rows, columns), { fc1: kernel });
    expect(run(state, { shape: 'nm', keep: n, every: m }).masks['fc1/kernel'].join('')).toBe(mask);
  });
});
