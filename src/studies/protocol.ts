/** What studies have in common: how they train, how they prune, and what suits which network. */
import { trainParams } from '../methods/train';
import { weightLayers } from '../models/build';
import type { Arch, Citation } from '../models/types';
import { stripParams } from '../spec/defaults';
import type { Params, ParamTable, ValuesOf } from '../spec/params';
import type { Experiment, ForkStep, MethodStep, Step } from '../spec/types';
import type { StudyBase, StudyPart } from './types';

/** Every training of a study; defaults are those of the lottery-ticket paper, but for the shorter run. */
export const trainingParams = {
  steps: { ...trainParams.steps, label: 'Steps a round', default: 5000, min: 10 },
  optimizer: trainParams.optimizer,
  lr: trainParams.lr,
  momentum: { ...trainParams.momentum, advanced: true },
  weightDecay: trainParams.weightDecay,
  augment: trainParams.augment,
  batch: trainParams.batch,
  evalEvery: { ...trainParams.evalEvery, default: 100 },
  earlyStop: { ...trainParams.earlyStop, default: true },
} as const satisfies ParamTable;
export type TrainingOfStudy = ValuesOf<typeof trainingParams>;

/** A ladder of sparsities: the same rate again and again, of what is left. */
export const ladderParams = {
  rounds: {
    ...{ kind: 'number', label: 'Rounds', default: 12, min: 1, max: 24, step: 1, integer: true },
    unit: 'rounds',
  },
  rate: {
    ...{ kind: 'number', label: 'Pruned a round', default: 0.2, min: 0.01, max: 0.9, step: 0.01 },
    unit: 'fraction',
  },
  convRate: {
    ...{
      kind: 'number',
      label: 'Convolutions pruned a round',
      default: 0.1,
      min: 0.01,
      max: 0.9,
      step: 0.01,
    },
    ...{ unit: 'fraction', advanced: true },
  },
  outputHalf: { kind: 'flag', label: 'Output layer at half rate', default: true, advanced: true },
} as const satisfies ParamTable;
export type Ladder = ValuesOf<typeof ladderParams>;

/** Where the table's own default does not suit the network: learning rates and rates of Frankle and Carbin 2019, figure 2. */
const SUITED: Readonly<Record<string, Params>> = {
  'conv-2': { lr: 2e-4 },
  'conv-4': { lr: 3e-4 },
  'conv-6': { lr: 3e-4, convRate: 0.15 },
};
/** The table with the defaults that suit this network. */
export function suitedTo<T extends ParamTable>(table: T, model: string): T {
  const suited = Object.hasOwn(SUITED, model) ? SUITED[model] : {};
  const entries = Object.entries(table).map(([name, param]) => [
    name,
    Object.hasOwn(suited, name) ? { ...param, default: suited[name] } : param,
  ]);
  return Object.fromEntries(entries) as T;
}

export const card = (method: string, values: Params = {}): MethodStep =>
  Object.keys(values).length > 0 ? { do: method, with: values } : { do: method };

/** A training card; says only what is not the card's own default. Whatever else a study's table holds is not looked at. */
export function training(values: TrainingOfStudy, more: Params = {}): MethodStep {
  const all: Params = {};
  for (const name of Object.keys(trainingParams) as (keyof TrainingOfStudy)[]) all[name] = values[name];
  // Without meaning there, and so no reason to train anew.
  if (all.optimizer !== 'sgd') delete all.momentum;
  return card('train', stripParams(trainParams, { ...all, ...more }) ?? {});
}

/** One round's pruning: the rate of each layer is of its survivors. */
export function pruning({ rate, convRate, outputHalf }: Ladder, arch: Arch, more: Params = {}): MethodStep {
  const convolutions = weightLayers(arch).filter(({ kind }) => kind !== 'dense');
  const own = rate === convRate ? [] : convolutions.map(({ name }) => [name, convRate]);
  return card('prune', {
    sparsity: rate,
    ...(!outputHalf && { outputHalf }),
    ...(own.length > 0 && { layers: Object.fromEntries(own) }),
    ...more,
  });
}

export const fork = (arms: Record<string, Step[] | undefined>): ForkStep => ({
  fork: Object.fromEntries(
    Object.entries(arms).filter((arm): arm is [string, Step[]] => arm[1] !== undefined),
  ),
});

export const part = (base: StudyBase, id: string, recipe: Step[]): StudyPart => {
  const { data, model, seeds, replicates } = base;
  const experiment: Experiment = { v: 1, data, model, recipe, seeds, replicates };
  return { id, experiment };
};

export const CITED = {
  frankle: {
    text: 'Frankle, Carbin: The lottery ticket hypothesis: finding sparse, trainable neural networks. ICLR (2019)',
    url: 'https://arxiv.org/abs/1803.03635',
  },
  zhou: {
    text: 'Zhou, Lan, Liu, Yosinski: Deconstructing lottery tickets: zeros, signs, and the supermask. NeurIPS (2019)',
    url: 'https://arxiv.org/abs/1905.01067',
  },
  stable: {
    text: 'Frankle, Dziugaite, Roy, Carbin: Linear mode connectivity and the lottery ticket hypothesis. ICML (2020)',
    url: 'https://arxiv.org/abs/1912.05671',
  },
  renda: {
    text: 'Renda, Frankle, Carbin: Comparing rewinding and fine-tuning in neural network pruning. ICLR (2020)',
    url: 'https://arxiv.org/abs/2003.02389',
  },
  liu: {
    text: 'Liu, Sun, Zhou, Huang, Darrell: Rethinking the value of network pruning. ICLR (2019)',
    url: 'https://arxiv.org/abs/1810.05270',
  },
  ramanujan: {
    text: 'Ramanujan, Wortsman, Kembhavi, Farhadi, Rastegari: What’s hidden in a randomly weighted neural network? CVPR (2020)',
    url: 'https://arxiv.org/abs/1911.13299',
  },
} as const satisfies Record<string, Citation>;
