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
    risesOne: 'Parting at step {{k}}, the error rises by {{points}} points on the way, in one seed.',
    rises:
      'Parting at step {{k}}, the error rises by {{points}} points on the way ({{min}} to {{max}}, {{seeds}} seeds).',
    guesses:
      'Some copies have hardly learnt: they err nearly as often as a guess, and between those every line is flat.',
    oneSeed: 'One seed makes no claim: more seeds will tell.',
    waiting: 'Nothing measured yet: both copies that part at a step must be trained.',
    partly: 'Not all steps are measured yet.',
    line: 'Step {{k}}: {{points}} points, {{spread}}',
    how: 'Points by which the error rises on the line above the mean of its ends, on test images. Training is called stable here below {{limit}}.',
    going: 'The line of the copies that part at step {{k}} is still being measured.',
    from: 'From step {{k}} on the copies end in one valley: less than {{limit}} points in every seed ({{seeds}}).',
    always:
      'Wherever they part, the copies end in one valley: less than {{limit}} points in every seed ({{seeds}}).',
    never:
      'At no step measured do the copies stay below {{limit}} points in every seed ({{seeds}}): there is a barrier between them.',
    norms: 'Statistics of batch norms are measured anew at every point of the line.',
  },
  column: {
    k: 'parting step',
    alpha: 'way',
    mean: 'mean',
    min: 'min',
    max: 'max',
    seeds: 'seeds',
  },
};
