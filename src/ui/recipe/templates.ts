/** Steps as they are added from the menu. */
import { methodOf } from '../../catalog';
import { methods } from '../../methods/registry';
import { kernelSize } from '../../models/build';
import type { ParamTable } from '../../spec/params';
import type { Experiment, Step } from '../../spec/types';
import { layersOf } from './cards';

export const repeatTemplate: Step = {
  repeat: 3,
  steps: [{ do: 'prune', with: { sparsity: 0.2 } }, { do: 'rewind' }, { do: 'train', with: { steps: 1000 } }],
};
export const forkTemplate: Step = {
  fork: {
    ticket: [{ do: 'rewind' }, { do: 'train', with: { steps: 1000 } }],
    reinit: [{ do: 'reinit' }, { do: 'train', with: { steps: 1000 } }],
  },
};
export const methodIds: readonly string[] = methods.map(({ id }) => id);

/** A card of this method; where its default layers are not in the network, on the largest dense one there is. */
export function methodTemplate(id: string, experiment: Experiment): Step {
  const layers = (methodOf(id)?.params as ParamTable | undefined)?.layers;
  const there = layersOf(experiment);
  if (layers?.kind !== 'layers' || layers.default.every((name) => there.some((l) => l.name === name))) {
    return { do: id };
  }
  const dense = there.filter(({ kind }) => kind === 'dense').sort((a, b) => kernelSize(b) - kernelSize(a));
  return dense.length > 0 ? { do: id, with: { layers: [dense[0].name] } } : { do: id };
}
