/** Strings of the studies that take tickets apart: criteria, signs, and what pruned weights become. */
export const deconstructEn = {
  criteria: {
    title: 'Which weights to keep',
    about:
      'One trained network, one mask per criterion. “Trained, masked”: nothing else is done. “Untrained”: the mask on the initial weights.',
    column: 'criterion',
  },
  signs: {
    title: 'What of the start matters',
    about: 'The ticket’s masks; the kept weights begin from other values and are trained again.',
    column: 'initial values',
    values: { redraw: 'Fresh draw', reshuffle: 'Reshuffled', constant: '± constant' },
  },
  'mask-zero': {
    title: 'What pruned weights become',
    about: 'Masks of one trained network; the kept weights begin again where they began.',
    column: 'pruned weights',
    values: {
      freeze: 'Held where they began',
      'freeze-shrunk': 'Held, zero if they shrank',
      'freeze-shrunk-start': 'Held; all that shrank from zero',
    },
  },
  line: {
    masked: 'Trained, masked',
    init: 'Untrained, initial values',
    constant: 'Untrained, signed constants',
    retrain: 'Trained again from the start',
    ticket: 'Ticket: rewind to w₀',
    own: 'Other values, other signs',
    original: 'Other values, signs of w₀',
    zero: 'Zero (ticket)',
    held: 'This way',
  },
  arm: {
    own: '{{small}}, other signs',
    original: '{{small}}, signs of w₀',
    zero: 'Zero (ticket)',
    held: '{{small}}',
  },
  subtitle_zero: 'test accuracy against weights remaining',
  subtitle_one: 'test accuracy {{at}} against weights remaining, one seed',
  subtitle_other: 'test accuracy {{at}} against weights remaining, mean and min–max of {{count}} seeds',
  at: { stop: 'at early stop', end: 'at the end' },
  said: '{{small}}, {{line}}: {{accuracy}} at {{share}}',
  round: {
    title: 'Side by side at {{share}} of the weights',
    subtitle:
      'round {{round}}; mean test accuracy, in brackets the spread over seeds; darker is better in its column',
    slider: 'Round',
    spread: '{{min}} to {{max}}',
  },
} as const;
