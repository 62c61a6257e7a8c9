/** Steps as they are added from the menu. */
import { methods } from '../../methods/registry';
import type { Step } from '../../spec/types';

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
export const methodTemplates: readonly { id: string; step: Step }[] = methods.map(({ id }) => ({
  id,
  step: { do: id },
}));
