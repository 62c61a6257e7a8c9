/** Strings of the study of learned masks. */
export const supermasksEn = {
  bars: {
    title: 'Accuracy without training a weight',
    axis: 'test accuracy',
    published: 'Published for the row it stands in (Zhou et al. 2019)',
    tip: 'Published: {{value}}',
    epochs: 'Masks here are trained for about {{ours}} epochs, the paper’s Bernoulli masks for {{paper}}.',
  },
  curves: {
    title: 'Learning curves',
    subtitle: 'validation accuracy of the mask that would come out, mean and min–max over seeds',
    step: 'Step {{step}}: validation accuracy',
  },
  shares: {
    title: 'What the masks keep',
    subtitle: 'share of weights kept, by layer, mean over seeds',
    all: 'all',
    likely: 'p > ½',
    sampled: '10 draws',
    drawn: 'p > ½ and 10 draws: validation accuracy of the mask that comes out, and mean of ten drawn ones.',
    csv: 'Save as CSV',
  },
};
