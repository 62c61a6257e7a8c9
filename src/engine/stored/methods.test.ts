/** What any method makes comes out of its file as it went in: the same effective weights, bit for bit. */
import { describe, expect, it } from 'vitest';
import { contextWith, evidenceFor, graphArch, smallArch, trainedState } from '../../methods/fixtures';
import { methods } from '../../methods/registry';
import { variations } from '../../methods/testing/values';
import type { LiveMethod } from '../../methods/types';
import type { NetState } from '../../models/types';
import { withDefaults } from '../../spec/defaults';
import { WinnowError } from '../../spec/problem';
import { effective } from '../state';
import { decode, encode } from './index';

const live = methods.filter((m): m is LiveMethod => m.live);
const evidence = { small: evidenceFor(smallArch), graph: evidenceFor(graphArch) };
const bits = (t: Float32Array) => new Uint32Array(t.buffer, t.byteOffset, t.length);

function expectSame(state: NetState): void {
  const { arch, tensors: is } = decode(encode(state).file);
  expect(arch).toEqual(state.arch);
  const was = effective(state.arch, state);
  expect(Object.keys(is).sort()).toEqual(Object.keys(was).sort());
  for (const name of Object.keys(was)) expect([name, bits(is[name])]).toEqual([name, bits(was[name])]);
}

describe.each(live.map((m) => [m.id, m] as const))('%s', (_, method) => {
  it.each([
    ['small', smallArch, 'fc1'],
    ['graph', graphArch, 'fc1'],
  ] as const)('%s network, each parameter at its other values', (name, arch, layer) => {
    const context = contextWith(evidence[name], arch);
    for (const [, values] of [['', {}], ...variations(method.params, layer)] as const) {
      // The surgeon of the whole network takes long for what is stored like any other kernel.
      if ((values as { criterion?: string }).criterion === 'obs') continue;
      try {
        expectSame(method.apply(trainedState(arch), withDefaults(method.params, values) as never, context));
      } catch (error) {
        // A network of another kind than the method takes is refused, and nothing is stored.
        if (!(error instanceof WinnowError)) throw error;
      }
    }
  });
});
