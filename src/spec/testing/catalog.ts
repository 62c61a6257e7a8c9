/** A small catalog with every kind of parameter, so that tests of the format do not hang on the real methods. */
import type { Catalog } from '../catalog';
import { defaultExperiment } from '../defaults';
import type { ParamTable } from '../params';
import type { Experiment, Step } from '../types';

const train = {
  steps: {
    kind: 'number',
    label: 'Steps',
    default: 2000,
    min: 1,
    max: 60_000,
    step: 1,
    integer: true,
    unit: 'steps',
  },
  optimizer: { kind: 'choice', label: 'Optimizer', default: 'adam', options: ['adam', 'sgd'] },
  lr: {
    kind: 'number',
    label: 'Rate',
    default: 1.2e-3,
    min: 1e-5,
    max: 1,
    step: 1e-5,
    unit: 'none',
    scale: 'log',
  },
  nesterov: { kind: 'flag', label: 'Nesterov', default: false },
} as const satisfies ParamTable;
const prune = {
  sparsity: {
    kind: 'number',
    label: 'Sparsity',
    default: 0.9,
    min: 0,
    max: 1,
    step: 0.001,
    unit: 'fraction',
  },
  scope: { kind: 'choice', label: 'Scope', default: 'layer', options: ['layer', 'global'] },
  outputHalf: { kind: 'flag', label: 'Output at half rate', default: true },
  layers: { kind: 'perLayer', label: 'Per layer', default: {}, of: 'sparsity' },
} as const satisfies ParamTable;
const factorize = {
  rank: {
    kind: 'number',
    label: 'Rank',
    default: 50,
    min: 1,
    max: 500,
    step: 1,
    integer: true,
    unit: 'rank',
  },
  layers: { kind: 'layers', label: 'Layers', default: ['fc1'] },
} as const satisfies ParamTable;
/** Parameters that share their names with fields of cards: legal, and the hardest case for a link. */
const awkward = {
  off: { kind: 'flag', label: 'Off', default: true },
  repeat: { kind: 'number', label: 'Repeat', default: 0, min: -1e30, max: 1e30, step: 1, unit: 'none' },
  fork: { kind: 'layers', label: 'Fork', default: [] },
  file: { kind: 'file', label: 'File', default: '' },
  length: { kind: 'number', label: 'Length', default: 3, min: -5, max: 5, step: 1, unit: 'none' },
} as const satisfies ParamTable;

const experiment = (recipe: Step[], fields: Partial<Experiment> = {}): Experiment => ({
  ...defaultExperiment(),
  ...fields,
  recipe,
});

export const testCatalog: Catalog = {
  methods: { train, prune, factorize, rewind: {}, awkward },
  models: [
    { id: 'lenet-300-100', name: 'LeNet-300-100' },
    { id: 'lenet-5', name: 'LeNet-5' },
  ],
  datasets: [{ id: 'mnist', name: 'MNIST' }],
  presets: [
    {
      id: 'basic',
      experiment: experiment(
        [{ do: 'train' }, { do: 'prune', with: { scope: 'global' } }, { do: 'factorize', off: true }],
        { sweep: { at: 'recipe.1', param: 'sparsity', values: [0, 0.5, 0.9] } },
      ),
    },
    {
      id: 'rounds',
      experiment: experiment([
        { do: 'train', with: { steps: 1000 } },
        {
          repeat: 5,
          steps: [
            { do: 'prune', with: { sparsity: 0.2, layers: { fc1: 0.5 } } },
            { fork: { ticket: [{ do: 'rewind' }, { do: 'train' }], control: [{ do: 'train' }] } },
          ],
        },
      ]),
    },
  ],
};
