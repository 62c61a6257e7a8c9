import { defineMethod } from './types';

/**
 * From here on the network counts as begun here: what `rewind` restores, and what criteria that look at the beginning
 * take for it, are the tensors of this very moment, running statistics of norms included. With a training of k steps
 * before it this is late rewinding. Nothing else changes.
 *
 * Traps: it belongs before the first pruning, because of what is already pruned there is nothing but zeros to go back to;
 * and the data order goes on from k only if the training behind it begins at step k.
 */
export const rewindPoint = defineMethod({
  id: 'rewind-point',
  kind: 'start',
  live: true,
  params: {},
  formula: '\\theta_0 \\leftarrow \\theta_k',
  citations: [
    {
      text: 'Frankle, Dziugaite, Roy, Carbin: Linear mode connectivity and the lottery ticket hypothesis. ICML (2020)',
      url: 'https://arxiv.org/abs/1912.05671',
    },
  ],
  apply: (state) => ({ ...state, start: state.tensors }),
});
