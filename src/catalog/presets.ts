/**
 * Ready-made experiments. Links refer to them by id and say only what differs, so a preset is as good as
 * published once it is here: to change what one does, add another under a new id. Hashes are pinned in
 * `catalog.test.ts`. Titles and descriptions are i18n keys `presets.<id>.title` and `presets.<id>.text`.
 */
import { defaultExperiment } from '../spec/defaults';
import type { Params } from '../spec/params';
import type { Experiment, Step } from '../spec/types';

/** What the menu groups presets by, in its order; i18n keys `topics.<topic>`. */
export const TOPICS = ['start', 'weights', 'units', 'training', 'form'] as const;
export type Topic = (typeof TOPICS)[number];

export interface PresetInfo {
  id: string;
  topic: Topic;
  experiment: Experiment;
  /** i18n key of the title. */
  title: string;
  /** i18n key of the one-line description. */
  description: string;
}

const preset = (topic: Topic, id: string, fields: Partial<Experiment> & { recipe: Step[] }): PresetInfo => ({
  id,
  topic,
  experiment: { ...defaultExperiment(), ...fields },
  title: `presets.${id}.title`,
  description: `presets.${id}.text`,
});

/** How long `lottery-minute` takes follows from these two. */
const LOTTERY = { steps: 600, rounds: 6 };

/** Train, then compress by hand; magnitude pruning is swept. The page opens with this one. */
const lenetMnist = preset('start', 'lenet-mnist', {
  recipe: [
    { do: 'train', with: { steps: 2000 } },
    // Before pruning: a factorized layer gives up its mask and its bits.
    { do: 'factorize', off: true },
    { do: 'prune', with: { sparsity: 0.9, scope: 'global' } },
    { do: 'quantize', off: true },
    { do: 'train', with: { steps: 500, lr: 0.0003 }, off: true },
  ],
  sweep: {
    at: 'recipe.2',
    param: 'sparsity',
    values: [0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99],
  },
});

/** Iterative magnitude pruning: the ticket against the same masks with fresh weights (Frankle, Carbin 2019). */
const lotteryMinute = preset('start', 'lottery-minute', {
  recipe: [
    { do: 'train', with: { steps: LOTTERY.steps } },
    {
      repeat: LOTTERY.rounds,
      steps: [
        { do: 'prune', with: { sparsity: 0.2 } },
        {
          fork: {
            ticket: [{ do: 'rewind' }, { do: 'train', with: { steps: LOTTERY.steps } }],
            reinit: [{ do: 'reinit' }, { do: 'train', with: { steps: LOTTERY.steps } }],
          },
        },
      ],
    },
  ],
});

/** The convolutional network, pruned and then quantized. */
const lenet5Mnist = preset('start', 'lenet5-mnist', {
  model: 'lenet-5',
  recipe: [
    { do: 'train', with: { steps: 600 } },
    { do: 'prune', with: { sparsity: 0.9, scope: 'global' } },
    { do: 'quantize', with: { bits: 4 } },
    { do: 'train', with: { steps: 200, lr: 0.0003 }, off: true },
  ],
});

/** How few bits the weights can do with. */
const bitsCliff = preset('form', 'bits-cliff', {
  recipe: [
    { do: 'train', with: { steps: 1000 } },
    { do: 'quantize', with: { bits: 2, scheme: 'affine', granularity: 'channel' } },
  ],
  sweep: { at: 'recipe.1', param: 'bits', values: [8, 7, 6, 5, 4, 3, 2, 1] },
});

/** The first layer as two thin ones, really executed as such. */
const lowRank = preset('form', 'low-rank', {
  recipe: [
    { do: 'train', with: { steps: 1000 } },
    { do: 'factorize', with: { rank: 50, layers: ['fc1'] } },
  ],
  sweep: { at: 'recipe.1', param: 'rank', values: [2, 5, 10, 15, 20, 30, 50, 75, 100, 150, 200] },
});

/** Training on colour pictures: SGD with momentum, pictures flipped and cropped. */
const colour = (steps: number, lr: number, evalEvery: number): Step => ({
  do: 'train',
  with: { steps, optimizer: 'sgd', lr, weightDecay: 0.0005, augment: 'flip-crop', batch: 64, evalEvery },
});
/**
 * A residual network, trained for as long as a computer without a GPU makes fun, at a rate that falls once; then
 * pruned and fine-tuned.
 */
const resnet8Cifar = preset('start', 'resnet8-cifar', {
  data: 'cifar-10',
  model: 'resnet-8',
  recipe: [
    colour(300, 0.05, 100),
    colour(150, 0.01, 50),
    { do: 'prune', with: { sparsity: 0.8, scope: 'global' } },
    colour(100, 0.01, 50),
  ],
  sweep: { at: 'recipe.2', param: 'sparsity', values: [0, 0.3, 0.5, 0.7, 0.8, 0.9] },
});

/** Depthwise filters have few weights and feel every bit that is taken from them. */
const mobilenetFashion = preset('form', 'mobilenet-fashion', {
  data: 'fashion-mnist',
  model: 'mobilenet-tiny',
  recipe: [
    { do: 'train', with: { steps: 500, lr: 0.003, batch: 64, evalEvery: 100 } },
    { do: 'quantize', with: { bits: 4, scheme: 'symmetric', granularity: 'channel' } },
    { do: 'train', with: { steps: 100, lr: 0.0003, batch: 64, evalEvery: 50 }, off: true },
  ],
  sweep: { at: 'recipe.1', param: 'bits', values: [8, 6, 5, 4, 3, 2] },
});

/**
 * Five rounds that remove as much as one step does: 0.496^5 = 0.03. Either arm trains for as long after its first
 * pruning: in rounds and then at the final size, or all of it at the final size.
 */
const ITERATIVE = { rounds: 5, sparsity: 0.504, each: 100, last: 500 };
const pruneBoth = (sparsity: number): Step => ({
  do: 'prune',
  with: { sparsity, scope: 'global', outputHalf: false },
});
/** Little by little against all at once, at equal sparsity and equal training (Han et al. 2015). */
const pruneIterative = preset('weights', 'prune-iterative', {
  recipe: [
    { do: 'train', with: { steps: 1000 } },
    {
      fork: {
        iterative: [
          {
            repeat: ITERATIVE.rounds,
            steps: [pruneBoth(ITERATIVE.sparsity), { do: 'train', with: { steps: ITERATIVE.each } }],
          },
          { do: 'train', with: { steps: ITERATIVE.last } },
        ],
        'one-shot': [
          pruneBoth(0.97),
          { do: 'train', with: { steps: ITERATIVE.rounds * ITERATIVE.each + ITERATIVE.last } },
        ],
      },
    },
  ],
});

/** The pattern that graphics cards execute, and the kernels here too. */
const twoFour = preset('weights', 'two-four', {
  recipe: [
    { do: 'train', with: { steps: 1000 } },
    { do: 'prune', with: { shape: 'nm' } },
    { do: 'train', with: { steps: 300 } },
  ],
  sweep: { at: 'recipe.1', param: 'keep', values: [1, 2, 3, 4] },
});

/** A fifth of what is left, six times over: the Hessian is of the weights here, and each step measures it anew. */
const inSteps = (by: { criterion: string; images?: number }): Step[] => [
  { repeat: 6, steps: [{ do: 'prune', with: { sparsity: 0.2, scope: 'global', outputHalf: false, ...by } }] },
];
/** On a network that is small enough for its whole Hessian: Optimal Brain Surgeon, its layers alone, and magnitude. */
const obsToy = preset('weights', 'obs-toy', {
  data: 'mnist-7x7',
  model: 'mlp-16',
  recipe: [
    { do: 'train', with: { steps: 2000, lr: 0.003 } },
    {
      fork: {
        obs: inSteps({ criterion: 'obs', images: 300 }),
        'obs-layer': inSteps({ criterion: 'obs-layer', images: 300 }),
        magnitude: inSteps({ criterion: 'magnitude' }),
      },
    },
  ],
});

/** Whole filters and neurons: taken out and rebuilt, or only masked, which answers the same and takes the dense time. */
const channelsOf = (rebuild: boolean): Step[] => [
  { do: 'prune-units', with: { fraction: 0.5, ...(!rebuild && { rebuild }) } },
  { do: 'train', with: { steps: 200, lr: 0.0003 } },
];
const lenetChannels = preset('units', 'channels', {
  model: 'lenet-5',
  recipe: [
    { do: 'train', with: { steps: 600 } },
    { fork: { rebuilt: channelsOf(true), masked: channelsOf(false) } },
  ],
});

/** Sums couple the channels of a whole stage: they go together, and the shortcuts with them. */
const resnetChannels = preset('units', 'channels-resnet8', {
  data: 'cifar-10',
  model: 'resnet-8',
  recipe: [
    colour(300, 0.05, 100),
    colour(150, 0.01, 50),
    { do: 'prune-units', with: { fraction: 0.3 } },
    colour(100, 0.01, 50),
  ],
  sweep: { at: 'recipe.2', param: 'fraction', values: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7] },
});

/** Plain SGD, so that equal lambda is equal pull in both arms. */
const pulled = (penalty: string): Step => ({
  do: 'sparsify',
  with: { steps: 1500, lr: 0.2, lambda: 0.0003, penalty, evalEvery: 50 },
});
/** L1 by subgradient makes weights small and none zero, until a threshold takes them; the proximal step makes zeros. */
const l1Collapse = preset('training', 'l1-collapse', {
  recipe: [
    { do: 'train', with: { steps: 400, optimizer: 'sgd', lr: 0.2, momentum: 0 } },
    { fork: { subgradient: [pulled('l1-subgradient')], proximal: [pulled('l1-proximal')] } },
    { do: 'threshold', with: { below: 0.002 } },
  ],
});

/** Gates learn which inputs and hidden units are needed; what is behind closed ones is cut out of the network. */
const l0Gates = preset('training', 'l0-gates', {
  recipe: [{ do: 'train', with: { steps: 600 } }, { do: 'gates', with: { steps: 1500 } }, { do: 'compact' }],
});

/** The same steps, batches and final sparsity: pruned little by little, or all at once before them (Zhu, Gupta 2017). */
const gradual = preset('training', 'gradual', {
  recipe: [
    { do: 'train', with: { steps: 400 } },
    {
      fork: {
        gradual: [{ do: 'gradual', with: { steps: 1200, sparsity: 0.98, evalEvery: 100 } }],
        'one-shot': [
          { do: 'prune', with: { sparsity: 0.98 } },
          { do: 'train', with: { steps: 1200, evalEvery: 100 } },
        ],
      },
    },
  ],
});

/** Chosen before anything is trained, by one batch; as many weights at random are the control (Lee et al. 2019). */
const atStart = (criterion: Params): Step[] => [
  { do: 'prune', with: { ...criterion, sparsity: 0.95, scope: 'global', outputHalf: false } },
  { do: 'train', with: { steps: 1500 } },
];
const snip = preset('weights', 'snip', {
  recipe: [
    {
      fork: {
        snip: atStart({ criterion: 'snip', images: 100 }),
        random: atStart({ criterion: 'random' }),
      },
    },
  ],
});

/** Estimates of the loss hold for small steps: measured once for nine tenths of the weights, or anew for six parts of that. */
const pruneBy = (sparsity: number, criterion = 'obd'): Step => ({
  do: 'prune',
  with: { criterion, sparsity, scope: 'global', outputHalf: false },
});
const whichWeights = preset('weights', 'which-weights', {
  recipe: [
    { do: 'train', with: { steps: 1500 } },
    {
      fork: {
        'obd-steps': [{ repeat: 6, steps: [pruneBy(0.319)] }],
        obd: [pruneBy(0.9)],
        magnitude: [pruneBy(0.9, 'magnitude')],
      },
    },
  ],
});

export const presets: readonly PresetInfo[] = [
  lenetMnist,
  lotteryMinute,
  lenet5Mnist,
  bitsCliff,
  lowRank,
  resnet8Cifar,
  mobilenetFashion,
  pruneIterative,
  twoFour,
  obsToy,
  lenetChannels,
  resnetChannels,
  l1Collapse,
  l0Gates,
  gradual,
  snip,
  whichWeights,
];
