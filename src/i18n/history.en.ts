/** The chart of weight sizes over the steps of a training. */
export const historyEn = {
  title: 'Weights over time',
  empty: 'Run a training: then it is drawn here how its weights grow or shrink.',
  training: 'Training',
  layer: 'Layer',
  all: 'all layers',
  round: 'round {{round}}',
  sizes: 'size |w|, logarithmic',
  zeroRow: 'exact zeros',
  axis: 'step {{step}}',
  cursor: 'Step in {{title}}',
  at: 'Step {{step}}: {{zeros}} of {{weights}} weights are exactly zero ({{share}}); {{small}} others are smaller than 0.001 ({{smallShare}}).',
  few: 'few',
  many: 'many',
  ends: 'At the end of each training',
  end: '{{zeros}} exact zeros ({{share}}), {{small}} others below 0.001',
  noZeros:
    'Many weights are small here and next to none is exactly zero: a threshold has to remove them before anything is saved.',
  table: {
    layer: 'Layer',
    step: 'Step',
    weights: 'Weights',
    zeros: 'Exact zeros',
    share: 'Exact zeros, share',
    below: 'Not zero, |w| < {{edge}}',
  },
} as const;
