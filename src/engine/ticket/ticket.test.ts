/** Pictures and figures of tickets against the plain way, on networks small enough to count by hand. */
import { describe, expect, it } from 'vitest';
import { graphArch, randomTensors, smallArch, trainedState } from '../../methods/fixtures';
import { conv, dense, kernelName, kernelNames, network, weightLayers } from '../../models/build';
import type { Arch, Masks, NetState } from '../../models/types';
import { randomMask } from '../stored/testing/states';
import { bitsOf, histogramOf, signsOf, sizesOf, unitsOf } from './layers';
import { pathsOf, pixelsOf } from './pixels';
import { countBetween, waysFrom } from './testing/plain';
import { ticketOf } from './ticket';

const turn = async () => {};
const tiny = network([2, 3, 1], [dense('fc1', 4), dense('fc2', 3), dense('out', 2, 'linear')]);
const coloured = network([2, 2, 3], [dense('fc1', 5), dense('out', 3, 'linear')]);
const masksOf = (arch: Arch, density: number, seed = 1): Masks =>
  Object.fromEntries(
    weightLayers(arch).map((layer, i) => {
      const name = kernelName(layer);
      return [name, randomMask(randomTensors(arch, 1)[name].length, density, seed + i)];
    }),
  );
const prunedState = (arch: Arch, density: number): NetState => ({
  ...trainedState(arch),
  masks: masksOf(arch, density),
});

describe('paths', () => {
  it.each([
    ['tiny', tiny, 0.5],
    ['tiny, hardly anything left', tiny, 0.15],
    ['three channels', coloured, 0.6],
  ])('%s: as many as can be walked', async (_, arch, density) => {
    const masks = masksOf(arch, density);
    const paths = (await pathsOf({ arch, masks }, turn))!;
    const [height, width, channels] = arch.input;
    let cutOff = 0;
    for (let p = 0; p < height * width; p++) {
      const walked = paths.classes.map((_, c) => {
        let ways = 0;
        for (let ch = 0; ch < channels; ch++) ways += waysFrom(arch, masks, 0, p * channels + ch, c);
        return ways;
      });
      expect(paths.classes.map(({ counts }) => counts[p])).toEqual(walked);
      if (walked.every((n) => n === 0)) cutOff++;
    }
    expect(paths.cutOff).toBe(cutOff);
  });
  it('are all there are in a dense network', async () => {
    const paths = (await pathsOf({ arch: tiny, masks: {} }, turn))!;
    for (const { counts, most } of paths.classes) {
      expect(most).toBe(4 * 3);
      expect([...counts]).toEqual(new Array(6).fill(12));
    }
  });
  it('are not told of networks whose weights are used at many places', async () => {
    for (const arch of [smallArch, graphArch])
      expect(await pathsOf({ arch, masks: {} }, turn)).toBeUndefined();
  });
});

describe('pixels', () => {
  it('are the kept weights of their rows, channels added up', () => {
    const masks = masksOf(coloured, 0.4);
    const { counts, most } = pixelsOf({ arch: coloured, masks })!;
    const mask = masks['fc1/kernel'];
    expect(most).toBe(15);
    for (let p = 0; p < 4; p++) {
      let kept = 0;
      for (let ch = 0; ch < 3; ch++) for (let j = 0; j < 5; j++) kept += mask[(p * 3 + ch) * 5 + j];
      expect(counts[p]).toBe(kept);
    }
    expect(pixelsOf({ arch: smallArch, masks: {} })).toBeUndefined();
  });
});

describe('units', () => {
  it('are dead where nothing kept leads in or out, each counted once', () => {
    // Unit 0 of fc1 is fed by none and read by none, unit 1 fed by none, unit 2 read by none.
    const masks = {
      'fc1/kernel': Uint8Array.from({ length: 24 }, (_, i) => (i % 4 >= 2 ? 1 : 0)),
      'fc2/kernel': Uint8Array.from({ length: 12 }, (_, i) => ([0, 2].includes(Math.floor(i / 3)) ? 0 : 1)),
      'out/kernel': Uint8Array.from([1, 0, 1, 0, 1, 0]),
    };
    const units = unitsOf({ arch: tiny, masks });
    expect(units.get('fc1')).toEqual({ all: 4, fedByNone: 2, readByNone: 2, dead: 3 });
    expect(units.get('fc2')).toEqual({ all: 3, fedByNone: 0, readByNone: 0, dead: 0 });
    expect(units.get('out')).toEqual({ all: 2, fedByNone: 1, readByNone: 0, dead: 1 });
  });
  it('of convolutions are channels, which a dense layer behind reads at every position', () => {
    const arch = network([5, 5, 1], [conv('c', { filters: 3, kernel: 2 }), dense('out', 2, 'linear')]);
    const read = Uint8Array.from({ length: 48 * 2 }, (_, i) => (Math.floor(i / 2) % 3 === 1 ? 0 : 1));
    const units = unitsOf({ arch, masks: { 'out/kernel': read } });
    expect(units.get('c')).toEqual({ all: 3, fedByNone: 0, readByNone: 1, dead: 1 });
  });
  it('are counted in graphs with sums, norms and depthwise filters', () => {
    const units = unitsOf({ arch: graphArch, masks: { 'fc1/kernel': new Uint8Array(24) } });
    expect([...units.keys()]).toEqual(weightLayers(graphArch).map(({ name }) => name));
    // Nobody reads the four channels any more, and nothing leads to the units behind.
    expect(units.get('conv1')).toMatchObject({ all: 4, readByNone: 4 });
    expect(units.get('dw')).toMatchObject({ all: 4, fedByNone: 0, readByNone: 4 });
    expect(units.get('fc1')).toMatchObject({ all: 6, fedByNone: 6, readByNone: 0, dead: 6 });
  });
});

describe('figures of a layer', () => {
  const start = Float32Array.from([1, -2, 3, -4, 0, 5]);
  const end = Float32Array.from([2, 2, Number.NaN, -1, 3, -0.5]);
  const mask = Uint8Array.from([1, 1, 0, 1, 1, 0]);
  it('bits stand in order, lowest first', () => {
    const bits = bitsOf(randomMask(21, 0.5, 3));
    const back = Array.from({ length: 21 }, (_, i) => (bits[i >> 3] >> (i & 7)) & 1);
    expect(back).toEqual([...randomMask(21, 0.5, 3)]);
  });
  it('signs are compared where there are two', () => {
    expect(signsOf(start, end, mask)).toEqual({ same: 2, of: 3 });
    expect(signsOf(start, end, new Uint8Array(6))).toEqual({ same: 0, of: 0 });
  });
  it('sizes at the start, of kept weights and of all', () => {
    expect(sizesOf(start, mask)).toEqual({ kept: 7 / 4, all: 15 / 6 });
  });
  it('sizes say nothing of pruned weights whose start is not known', () => {
    expect(sizesOf(Float32Array.from([1, 0, 2]), Uint8Array.from([1, 0, 1]))).toEqual({
      kept: 1.5,
      all: Number.NaN,
    });
  });
  it('histograms count every weight once at the start, and at the end if it is known', () => {
    const h = histogramOf(start, end, mask);
    const last = h.edges.length - 2;
    expect([h.edges[0], h.edges[last + 1]]).toEqual([-5, 5]);
    for (const [values, counts] of [
      [start, h.start],
      [end, h.end],
    ] as const)
      for (const [bit, which] of [
        [1, counts.kept],
        [0, counts.pruned],
      ] as const)
        for (let b = 0; b <= last; b++)
          expect(which[b]).toBe(countBetween(values, mask, bit, h.edges[b], h.edges[b + 1], b === last));
    expect(h.unknown).toBe(1);
  });
});

describe('a ticket', () => {
  it('adds its layers up', async () => {
    const state = prunedState(smallArch, 0.3);
    const end = Object.fromEntries(kernelNames(smallArch).map((name) => [name, state.tensors[name]]));
    const ticket = await ticketOf({ state, end }, turn);
    const masks = Object.values(state.masks);
    expect(ticket.weights).toBe(masks.reduce((sum, m) => sum + m.length, 0));
    expect(ticket.kept).toBe(masks.reduce((sum, m) => sum + m.reduce((a, b) => a + b, 0), 0));
    expect(ticket.filters).toMatchObject({ size: 3, channels: 1, count: 3, end: end['conv1/kernel'] });
    expect([ticket.pixels, ticket.paths]).toEqual([undefined, undefined]);
    const plain = { of: 0, size: 0, blind: 0 };
    for (const name of kernelNames(smallArch)) {
      const sizes = [...state.start[name]].map(Math.abs);
      const mean = sizes.reduce((a, b) => a + b, 0) / sizes.length;
      sizes.forEach((size, i) => {
        if (state.masks[name][i] === 0) return;
        plain.size += size;
        plain.blind += mean;
        plain.of++;
      });
    }
    expect(ticket.startRatio).toBeCloseTo(plain.size / plain.blind, 6);
    expect(ticket.signs.of).toBe(plain.of);
  });
  it('of the dense network is all of it', async () => {
    const state = trainedState(tiny);
    const ticket = await ticketOf({ state, end: state.tensors }, turn);
    expect(ticket.kept).toBe(ticket.weights);
    expect(ticket.startRatio).toBeCloseTo(1, 12);
    expect(ticket.layers.every(({ units }) => units.dead === 0)).toBe(true);
    expect(ticket.pixels?.counts.every((n) => n === ticket.pixels?.most)).toBe(true);
  });
});
