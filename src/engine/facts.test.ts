import { describe, expect, it } from 'vitest';
import { factorize } from '../methods/factorize';
import { graphArch, lenet, smallArch, trainedState } from '../methods/fixtures';
import { prune } from '../methods/prune';
import { quantize } from '../methods/quantize';
import type { NetState } from '../models/types';
import { withDefaults } from '../spec/defaults';
import { factsOf } from './facts';
import { effective, methodContext } from './state';
import { encode, layout } from './stored/encode';
import { addBytes, NO_BYTES, sumBytes } from './stored/types';

const context = methodContext(smallArch, { init: 1, order: 1, method: 1 }, 0);
const pruned = (state: NetState) =>
  prune.apply(state, withDefaults(prune.params, { sparsity: 0.5, outputHalf: false }), context);
const thin = (state: NetState) =>
  factorize.apply(state, { rank: 4, by: 'rank', energy: 0.9, layers: ['fc1'] }, context);

const SPEC = { bits: 3, scheme: 'affine', granularity: 'channel', layers: { out: 5 } } as const;

describe('factsOf', () => {
  it('counts what is executed as zero, whether pruned or rounded to zero', () => {
    const ternary = quantize.apply(
      trainedState(lenet),
      { bits: 2, scheme: 'symmetric', granularity: 'tensor', layers: {} },
      context,
    );
    const zeros = Object.entries(effective(lenet, ternary))
      .filter(([name]) => name.endsWith('/kernel'))
      .reduce((n, [, values]) => n + values.filter((w) => w === 0).length, 0);
    const { sparsity, weights, kept, macsNonzero, macs } = factsOf(ternary);
    expect(zeros).toBeGreaterThan(1000);
    expect(weights - kept).toBe(zeros);
    expect(sparsity).toBe(zeros / weights);
    expect(macsNonzero).toBe(macs - zeros);
  });

  it('a dense network', () => {
    const facts = factsOf(trainedState());
    expect(facts).toMatchObject({ weights: 411, kept: 411, sparsity: 0 });
    expect(facts.macs).toBe(27 * 36 + 324 + 60);
    expect(facts.macsNonzero).toBe(facts.macs);
    expect(facts.layers.map((l) => [l.name, l.kind, l.shape, l.bits, l.rank, l.form])).toEqual([
      ['conv1', 'conv', [3, 3, 1, 3], 32, 0, 'dense-f32'],
      ['fc1', 'dense', [27, 12], 32, 0, 'dense-f32'],
      ['out', 'dense', [12, 5], 32, 0, 'dense-f32'],
    ]);
    expect(factsOf(trainedState(lenet))).toMatchObject({ weights: 266_200, macs: 266_200 });
  });
  it('pruned: executed MACs stay, the arithmetic would allow fewer', () => {
    const facts = factsOf(pruned(trainedState()));
    expect(facts.kept).toBe(13 + 162 + 30);
    expect(facts.sparsity).toBe((411 - 205) / 411);
    expect(facts.macs).toBe(27 * 36 + 324 + 60);
    expect(facts.macsNonzero).toBe(13 * 36 + 162 + 30);
  });
  it('bytes are the length of the file; rows and header add up to it', () => {
    for (const state of [
      trainedState(),
      pruned(trainedState()),
      quantize.apply(thin(pruned(trainedState())), SPEC, context),
    ]) {
      const facts = factsOf(state);
      expect(facts.bytes).toBe(encode(state).file.length);
      const rows = facts.layers.reduce((sum, l) => sum + l.bytes, 0);
      expect(facts.bytes).toBe(layout(state).parts.header + rows);
      const header = { ...NO_BYTES, header: facts.parts.header };
      expect(facts.layers.map((l) => l.parts).reduce(addBytes, header)).toEqual(facts.parts);
      for (const l of facts.layers) expect(sumBytes(l.parts)).toBe(l.bytes);
    }
  });
  it('a graph: a row per layer with weights; norms have no row and are in the bytes', () => {
    const facts = factsOf(trainedState(graphArch));
    expect(facts.layers.map((l) => [l.name, l.kind, l.shape, l.weights, l.macs])).toEqual([
      ['conv1', 'conv', [3, 3, 2, 4], 72, 72 * 64],
      ['dw', 'depthwise', [3, 3, 4], 36, 36 * 64],
      ['fc1', 'dense', [4, 6], 24, 24],
      ['out', 'dense', [6, 5], 30, 30],
    ]);
    expect(facts.normBytes).toBe(2 * 4 * 4 * 4);
    for (const state of [
      trainedState(graphArch),
      quantize.apply(thin(pruned(trainedState(graphArch))), SPEC, context),
    ]) {
      const { bytes, normBytes, layers } = factsOf(state);
      const rows = layers.reduce((sum, l) => sum + l.bytes, 0);
      expect(bytes).toBe(encode(state).file.length);
      expect(bytes).toBe(layout(state).parts.header + rows + normBytes);
    }
    expect(factsOf(trainedState()).normBytes).toBe(0);
  });
  it('a factorized layer is one row of the original shape, with its rank and both thin layers’ cost', () => {
    const facts = factsOf(thin(trainedState()));
    expect(facts.layers.map((l) => l.name)).toEqual(['conv1', 'fc1', 'out']);
    expect(facts.layers[1]).toMatchObject({
      shape: [27, 12],
      rank: 4,
      weights: 156,
      kept: 156,
      macs: 156,
      bytes: 4 * (156 + 12),
    });
    expect(facts.weights).toBe(411 - 324 + 156);
  });
  it('a rank beyond break-even shows that nothing was saved', () => {
    const full = factorize.apply(
      trainedState(),
      { rank: 12, by: 'rank', energy: 0.9, layers: ['fc1'] },
      context,
    );
    expect(factsOf(full).macs).toBeGreaterThan(factsOf(trainedState()).macs);
  });
  it('shows bits of their own per layer', () => {
    const spec = { bits: 3, scheme: 'affine', granularity: 'tensor', layers: { out: 5 } } as const;
    expect(factsOf(quantize.apply(trainedState(), spec, context)).layers.map((l) => l.bits)).toEqual([
      3, 3, 5,
    ]);
  });
});
