/** A ticket's file, opened, is the ticket: masks, start, and the start of what is pruned. */
import { describe, expect, it } from 'vitest';
import { graphArch, smallArch, trainedState } from '../../methods/fixtures';
import { methodById } from '../../methods/registry';
import type { LiveMethod } from '../../methods/types';
import { kernelNames } from '../../models/build';
import type { Arch, NetState } from '../../models/types';
import { holdFile, networkOf } from '../network-file';
import { methodContext } from '../state';
import { decode, encode, encodeSources, sourcesOf } from '../stored';
import { randomMask } from '../stored/testing/states';
import { ticketFile } from './file';

const seeds = { init: 1, order: 1, method: 1 };
const apply = (id: string, state: NetState, values: object = {}) =>
  (methodById(id) as LiveMethod).apply(state, values as never, methodContext(state.arch, seeds, 0));
const bits = (t: Float32Array) => [...new Uint32Array(t.buffer, t.byteOffset, t.length)];

function ticketState(arch: Arch): NetState {
  const state = trainedState(arch);
  const names = kernelNames(arch);
  const masks = Object.fromEntries(
    names.map((name, i) => [name, randomMask(state.start[name].length, 0.3, i)]),
  );
  return { ...state, masks, tensors: apply('rewind', { ...state, masks }).tensors };
}

describe.each([
  ['small', smallArch],
  ['graph', graphArch],
] as const)('ticket of the %s network', (_, arch) => {
  const state = ticketState(arch);
  const { id } = holdFile(ticketFile(state), 'ticket.winnow');
  const opened = apply('open', trainedState(arch, 9), { file: id });
  it('opens with the masks and the start it was trained from', () => {
    expect(opened.masks).toEqual(state.masks);
    for (const name of Object.keys(state.start))
      expect(bits(opened.start[name])).toEqual(bits(state.start[name]));
    for (const name of Object.keys(state.tensors))
      expect(opened.tensors[name].map((w) => w + 0)).toEqual(state.tensors[name].map((w) => w + 0));
  });
  it('rewinds to w0 after it was trained', () => {
    const trained = { ...opened, tensors: trainedState(arch, 5).tensors };
    for (const [name, tensor] of Object.entries(apply('rewind', trained).tensors))
      expect(tensor).toEqual(state.tensors[name]);
  });
  it('has the start of weights that another mask keeps', () => {
    const masks = Object.fromEntries(
      Object.entries(state.masks).map(([name, mask]) => [name, mask.toReversed()]),
    );
    const other = apply('rewind', { ...opened, masks });
    const wanted = apply('rewind', { ...state, masks });
    for (const name of kernelNames(arch)) expect(other.tensors[name]).toEqual(wanted.tensors[name]);
  });
  it('is written again as it was', () => {
    expect(ticketFile(opened)).toEqual(ticketFile(state));
  });
});

describe('the file of a ticket', () => {
  it('keeps weights that begin at zero', () => {
    const state = ticketState(smallArch);
    const start = { ...state.start, 'out/kernel': state.start['out/kernel'].map((w, i) => (i < 9 ? 0 : w)) };
    const { masks } = networkOf(ticketFile({ ...state, start }), 'n');
    expect(masks).toEqual(state.masks);
  });
  it('of a network that was never pruned is an ordinary one', () => {
    const state = trainedState();
    expect(ticketFile(state)).toEqual(encode({ ...state, tensors: state.start }).file);
  });
  it('is refused where values of pruned weights are missing', () => {
    const state = ticketState(smallArch);
    const sources = sourcesOf(state);
    const { file } = encodeSources(smallArch, sources, { 'fc1/kernel': Float32Array.from([1, 2, 3]) });
    expect(() => decode(file, 'x.winnow')).toThrow(
      /x\.winnow is damaged at fc1\/pruned: \d+ values expected, 3/,
    );
  });
  it('has no place for weights that are held at values of their own', () => {
    const state = ticketState(smallArch);
    const held = { 'fc1/kernel': new Uint8Array(state.start['fc1/kernel'].length).fill(1, 0, 1) };
    expect(() => ticketFile({ ...state, held })).toThrow(/fc1\/kernel has weights that are held/);
  });
});
