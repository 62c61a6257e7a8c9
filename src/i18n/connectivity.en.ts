/** Strings of the study of linear mode connectivity. */
export const connectivityEn = {
  error: {
    title: 'Error along the line between two copies',
    none: 'copies of one network, trained on with different data orders',
    subtitle_one: 'copies part at step {{k}} · {{images}}, one seed',
    subtitle_other: 'copies part at step {{k}} · {{images}}, mean and min–max of {{count}} seeds',
    label: 'Which images',
    of: { test: 'test images', val: 'validation images' },
    short: { test: 'test', val: 'validation' },
    legend: 'Copies that part at step {{k}}',
    axis: 'from one copy (0) to the other (1)',
    tip: '{{alpha}} of the way: error {{error}}',
  },
  loss: {
    title: 'Loss along the line',
    subtitle: 'validation loss · copies part at step {{k}}',
    none: 'validation loss',
    tip: '{{alpha}} of the way: loss {{loss}}',
  },
  rise: {
    title: 'Instability',
    subtitle: 'rise of the error on the way, in points',
    axis: 'step at which the copies part',
    level: 'stable below {{points}} points',
    waiting: 'No line is complete yet.',
    tip: 'Parting at step {{k}}: {{points}} points',
    use: 'Show this step',
  },
  slider: 'Copies part at step',
  position: 'step {{k}}, {{at}} of {{all}}',
  seeds: '{{min}} to {{max}} over {{seeds}} seeds',
  oneSeed: 'one seed',
  says: {
    rises_one: 'Parting at step {{k}}, the error rises by {{points}} points on the way, in one seed.',
    rises_other:
      'Parting at step {{k}}, the error rises by {{points}} points on the way ({{min}} to {{max}}, {{count}} seeds).',
    waiting: 'Nothing measured yet: both copies that part at a step must be trained.',
    partly: 'Not all steps are measured yet.',
    line: 'Step {{k}}: {{points}} points, {{spread}}',
    how: 'Points by which the error rises on the line above the mean of its ends, on test images. Frankle et al. (2020) call training stable below {{limit}}.',
    going: 'The line of the copies that part at step {{k}} is still being measured.',
    from_one:
      'From step {{k}} on the copies end in one valley: less than {{limit}} points, but in one seed only.',
    from_other:
      'From step {{k}} on the copies end in one valley: less than {{limit}} points in each of {{count}} seeds.',
    always_one:
      'Wherever they part, the copies end in one valley: less than {{limit}} points, but in one seed only.',
    always_other:
      'Wherever they part, the copies end in one valley: less than {{limit}} points in each of {{count}} seeds.',
    never_one: 'At no step measured are the copies in one valley yet ({{limit}} points or more, one seed).',
    never_other:
      'At no step measured so far do the copies of all {{count}} seeds stay below {{limit}} points: there is a barrier between them.',
    norms: 'Statistics of batch norms are measured anew at every point of the line.',
  },
  column: {
    k: 'parting step',
    alpha: 'way',
    mean: 'mean',
    min: 'min',
    max: 'max',
    seeds: 'seeds',
    points: 'points',
  },
};
