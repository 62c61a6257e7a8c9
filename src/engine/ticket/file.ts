/** A ticket as a network file: the mask, the start of what it keeps, and the start of what it does not. */
import { kernelNames } from '../../models/build';
import type { NetState, Tensors } from '../../models/types';
import { WinnowError } from '../../spec/problem';
import { encodeSources, type Sources } from '../stored';

/**
 * The file that, opened as the start of a recipe, is this ticket: `rewind` leads to w0 with biases and norms, masks are
 * the same, and a shuffled mask finds the start of weights that this one prunes.
 * @throws WinnowError `ticket.held` where weights are held at values of their own, which no file has a place for
 */
export function ticketFile({ arch, start, masks, held }: NetState): Uint8Array<ArrayBuffer> {
  const frozen = Object.entries(held ?? {}).find(([, bits]) => bits.includes(1));
  if (frozen) throw heldProblem(frozen[0]);
  const kernels = new Set(kernelNames(arch));
  const sources: Record<string, Sources[string]> = {};
  const pruned: Record<string, Float32Array> = {};
  for (const name of Object.keys(start)) {
    const values = kernels.has(name) ? keptOf(start[name], masks[name]) : start[name];
    sources[name] = { kind: 'values', values };
    const rest = kernels.has(name) && masks[name] ? prunedOf(start, name, masks[name]) : undefined;
    if (rest?.some((w) => w !== 0)) pruned[name] = rest;
  }
  return encodeSources(arch, sources, pruned).file;
}

/** Zeros where nothing is kept. A kept weight that begins at 0 is written as -0: in a file +0 means pruned. */
const keptOf = (start: Float32Array, mask: Uint8Array | undefined): Float32Array =>
  start.map((w, i) => (mask?.[i] === 0 ? 0 : w === 0 ? -0 : w));
const prunedOf = (start: Tensors, name: string, mask: Uint8Array): Float32Array =>
  start[name].filter((_, i) => mask[i] === 0);

const heldProblem = (kernel: string) =>
  new WinnowError({
    code: 'ticket.held',
    path: '',
    message: `${kernel} has weights that are held at values of their own; a file has no place for them`,
    values: { name: kernel },
  });
