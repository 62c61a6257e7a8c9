import { interfaceOf, misfit } from '../models/files/fit';
import type { ParamTable } from '../spec/params';
import { WinnowError } from '../spec/problem';
import { defineMethod } from './types';

const params = { file: { kind: 'file', label: 'File', default: '' } } as const satisfies ParamTable;

/**
 * The network of a Winnow file takes the place of this one: its layers, and its effective weights bit for bit. Zeros
 * are taken for pruned weights. Latent weights are not in a file: fine-tuning goes on from the effective ones; nor does it
 * say which were held, and all that are not zero are trained. The network as it lies in the file is what `rewind` leads
 * back to; a ticket's file has its pruned weights' start as well, for shuffled masks. Without a file nothing happens.
 */
export const open = defineMethod({
  id: 'open',
  kind: 'start',
  live: true,
  params,
  formula:
    '\\theta \\leftarrow \\hat\\theta_{\\text{file}},\\quad m_i \\leftarrow [\\,\\hat\\theta_i \\neq 0\\,]',
  citations: [
    {
      text: 'Han, Mao, Dally: Deep compression (a network as the file it takes). ICLR (2016)',
      url: 'https://arxiv.org/abs/1510.00149',
    },
  ],
  brings: ({ file }) => file !== '',
  /** @throws WinnowError `open.missing`, or `open.misfit` where the file's network takes other images or classes */
  apply(state, { file }, context) {
    if (file === '') return state;
    const { arch, tensors, masks, quant, start = tensors } = context.file(file);
    const problem = misfit(arch, interfaceOf(state.arch), file);
    if (problem) throw new WinnowError({ ...problem, path: 'with.file' });
    const { trainings, steps } = state;
    return { trainings, steps, arch, tensors, masks, quant, start };
  },
});
