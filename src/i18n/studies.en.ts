/** Words of studies as such: presets, remarks, what was published. */
export const studiesEn = {
  preset: {
    minute: {
      title: 'One minute',
      text: 'Six rounds of 600 steps: the ticket and its re-initialised copy. The same trainings as the Lab’s preset.',
    },
    quick: {
      title: 'Quick',
      text: 'LeNet-300-100 to 2.9 % of its weights at a tenth of the paper’s steps; two controls, three seeds.',
    },
    'five-seeds': {
      title: 'Five seeds',
      text: 'Twelve rounds of 5,000 steps, ticket against two controls, with narrower error bars.',
    },
    paper: {
      title: 'As in the paper',
      text: 'Twenty rounds of 50,000 steps, five seeds, three re-initialised copies each, one-shot beside it. Takes days.',
    },
    'all-arms': {
      title: 'All controls',
      text: 'Eight rounds of 2,000 steps: late and learning-rate rewinding, fine-tuning, shuffled, random, small dense.',
    },
    scratch: {
      title: 'Units, and from scratch',
      text: 'Whole units go: the rest is fine-tuned, or trained anew for as many steps, or for as much arithmetic.',
    },
    deconstruct: {
      title: 'Which weights',
      text: 'Thirteen criteria on one trained network: masked, on untrained weights, on signed constants.',
    },
    signs: {
      title: 'Is it the sign?',
      text: 'The ticket’s masks with other values: redrawn, reshuffled, constant; with and without their first sign.',
    },
    'mask-zero': {
      title: 'What pruned weights become',
      text: 'Zero, or frozen where they began: always, or unless they moved towards zero.',
    },
    supermasks: {
      title: 'Learned masks',
      text: 'No weight is trained: Bernoulli masks and edge-popup against trained weights.',
    },
    connectivity: {
      title: 'One valley or two',
      text: 'Copies that part at step k and see their images in other orders: the error on the line between them.',
    },
    'small-rates': {
      title: 'Small learning rates',
      text: 'Ticket and copy with Adam and SGD, each at a small and at a large learning rate.',
    },
    'conv-2': {
      title: 'Conv-2',
      text: 'The small convolutional network of the paper on CIFAR-10. Takes hours.',
    },
    'conv-4': {
      title: 'Conv-4',
      text: 'The middle convolutional network of the paper on CIFAR-10. Takes a day.',
    },
    'conv-6': {
      title: 'Conv-6',
      text: 'The large convolutional network of the paper on CIFAR-10. Takes days.',
    },
  },
  remark: {
    lateRewind:
      'Late rewinding goes back to step {{rewind}} and not to {{asked}}: a training has {{steps}} steps, and one must be left.',
    scratchCapped:
      'From round {{round}} on, Scratch-B would need more than {{steps}} steps for as much arithmetic; it trains {{steps}}.',
  },
  claim: {
    gain: 'gain over dense, {{share}}',
    level: 'against dense, {{share}}',
    reinit: 'over re-init, {{share}}',
    sooner: 'speed over re-init, {{share}}',
    earlier: 'earlier than dense, {{share}}',
    bestEnd: 'best gain at the end',
    supermask: 'best untrained network under a mask',
    learned: 'learned mask on untrained weights',
  },
  /** Why nothing of ours stands beside a figure. */
  missing: {
    size: 'not reached',
    seeds: 'needs {{seeds}} seeds',
    censored: 'cut short',
    arm: 'not trained',
  },
  /** The same at length. */
  why: {
    size: 'No round of this study has left so few weights yet.',
    seeds:
      'The step of the lowest loss varies by a third between seeds: nothing is said before {{seeds}} of them.',
    censored: 'In some training the last validation loss is the lowest, so that its early stop is not known.',
    arm: 'The arm that this needs is switched off.',
  },
  bound: { above: '> {{value}}', upTo: 'up to {{value}}', equal: '{{value}}' },
  otherwise: 'What was done otherwise there',
  differs: {
    steps: '{{theirs}} steps a round there, {{ours}} here',
    seeds: '{{theirs}} seeds there, {{ours}} here',
    draws: '{{theirs}} re-initialised copies a seed there, {{ours}} here',
    lr: 'learning rate {{theirs}} there, {{ours}} here',
    batch: 'batch {{theirs}} there, {{ours}} here',
    optimizer: 'other optimizer: {{theirs}} there, {{ours}} here',
    rate: '{{theirs}} % pruned a round there, {{ours}} % here',
    best: 'The best of all sizes and criteria is picked by its test accuracy, so it is optimistic, there as here.',
    drawn:
      'There the mean over masks drawn from the probabilities; here the one mask of what is likelier there than not.',
  },
} as const;
