/** What pruning by shape leaves is what the kernels of that shape hold. */
import { describe, expect, it } from 'vitest';
import { blocksIn } from '../../kernels/forms/block4/form';
import { patternOf } from '../../kernels/forms/nm/form';
import { contextWith, smallArch, trainedState } from '../../methods/fixtures';
import { prune } from '../../methods/prune';
import type { Note } from '../../methods/types';
import { channels, kernelSize, weightLayers } from '../../models/build';
import { modelById } from '../../models/registry';
import { withDefaults } from '../../spec/defaults';
import { packLayer, productShape } from './pack';

type Values = Partial<Parameters<typeof prune.apply>[1]>;
const arch = modelById('lenet-5').build([28, 28, 1], 10);
const pruned = (of: typeof arch, values: Values, notes: Note[] = []) => {
  const all = withDefaults(prune.params, { outputHalf: false, ...values });
  return prune.apply(trainedState(of), all, contextWith({}, of, notes));
};

describe.each([
  ['small, nothing divides by four', smallArch],
  ['LeNet-5', arch],
])('%s', (_, of) => {
  it('4x1: the kernel holds exactly the blocks that stay', () => {
    const state = pruned(of, { shape: '4x1', sparsity: 0.8 });
    for (const layer of weightLayers(of)) {
      const all = (kernelSize(layer) / channels(layer)) * Math.ceil(channels(layer) / 4);
      const { shape, packed } = packLayer(layer, state, 'block4')!;
      expect(shape).toEqual(productShape(layer));
      expect(blocksIn(shape.out, packed)).toBe(all - Math.round(0.8 * all));
    }
  });
  it.each([
    [2, 4],
    [1, 4],
    [4, 8],
    [3, 16],
    [1, 3],
    [3, 4],
    [5, 7],
  ])(
    '%i:%i: there is a kernel where the card does not say otherwise, and it holds the very weights',
    (keep, every) => {
      const notes: Note[] = [];
      const state = pruned(of, { shape: 'nm', keep, every }, notes);
      const idle = notes.find(({ code }) => code === 'shapeForm')?.values?.layers ?? '';
      for (const layer of weightLayers(of)) {
        const packed = packLayer(layer, state, 'nm')?.packed;
        expect([layer.name, packed === undefined]).toEqual([
          layer.name,
          String(idle).split(', ').includes(layer.name),
        ]);
        if (!packed) continue;
        const kept = state.tensors[`${layer.name}/kernel`].filter((w) => w !== 0);
        expect([...(packed.values as Float32Array)].filter((w) => w !== 0).sort()).toEqual([...kept].sort());
      }
      if (2 * keep <= every && every !== 3) expect(idle).toBe('');
    },
  );
  it('2:4 runs as 2:4 wherever there are four inputs', () => {
    const state = pruned(of, { shape: 'nm' });
    for (const layer of weightLayers(of)) {
      expect(patternOf(packLayer(layer, state, 'nm')!.packed)).toEqual({ n: 2, m: 4 });
    }
  });
});
