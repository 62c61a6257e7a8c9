/** Points of the cube, and settings read off curves. */
import { describe, expect, it } from 'vitest';
import { prune } from '../../methods/prune';
import { quantize } from '../../methods/quantize';
import type { ScanPoint } from '../../worker/api-search';
import { reach, settingsOf } from './curves';
import { Space } from './space';

const rates = new Space(['fc1', 'out'], prune.params.sparsity, prune.neutral?.sparsity);
const bits = new Space(['fc1', 'out'], quantize.params.bits);

describe('Space', () => {
  it('puts the stronger compression at 1: more sparsity, fewer bits', () => {
    expect(rates.setting([0, 1])).toEqual({ fc1: 0, out: 1 });
    expect(bits.setting([0, 1])).toEqual({ fc1: 8, out: 1 });
    expect([rates.neutral, bits.neutral]).toEqual([0, undefined]);
  });

  it('scans every bit width, and sparsities from nothing to everything', () => {
    expect(bits.grid()).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
    const grid = rates.grid();
    expect([grid[0], grid.at(-1), grid.length]).toEqual([0, 1, 13]);
    expect(grid).toEqual([...grid].sort((a, b) => a - b));
  });

  it('a setting lies where it was rounded to, and has one key', () => {
    for (const space of [rates, bits]) {
      const setting = space.setting([0.31, 0.77]);
      expect(space.setting(space.point(setting))).toEqual(setting);
      expect(space.keyOf(setting)).toBe(`${setting.fc1},${setting.out}`);
    }
  });
});

describe('reach', () => {
  const curve = [
    { u: 0, loss: 0 },
    { u: 0.5, loss: 0.01 },
    { u: 1, loss: 0.5 },
  ];
  it('goes as far as the curve stays within the loss, on straight lines between points', () => {
    expect(reach(curve, 0)).toBe(0);
    expect(reach(curve, 0.005)).toBeCloseTo(0.25, 12);
    expect(reach(curve, 0.01)).toBeCloseTo(0.5, 12);
    expect(reach(curve, 0.9)).toBe(1);
    expect(reach([], 0.1)).toBe(0);
  });
  it('stops at the first point that loses more, whatever comes behind it', () => {
    expect(
      reach(
        [
          { u: 0, loss: 0 },
          { u: 0.2, loss: 0.2 },
          { u: 0.9, loss: 0 },
        ],
        0.1,
      ),
    ).toBeCloseTo(0.1, 12);
    expect(reach([{ u: 0.3, loss: 0.2 }], 0.1)).toBe(0.3);
  });
});

describe('settingsOf', () => {
  it('goes further in the layer that can take more, and further with every loss', () => {
    const point = (layer: string, value: number, correct: number): ScanPoint => ({
      layer,
      value,
      correct,
      count: 1000,
    });
    const points = [
      ...[0, 0.5, 0.9, 1].map((v) => point('fc1', v, v < 0.95 ? 970 : 100)),
      ...[0, 0.5, 0.9, 1].map((v) => point('out', v, v < 0.4 ? 970 : 970 - 400 * v)),
    ];
    const settings = settingsOf(rates, points, { correct: 970, count: 1000 });
    expect(settings.length).toBeGreaterThan(3);
    for (const { fc1, out } of settings) expect(fc1).toBeGreaterThan(out);
    for (const layer of ['fc1', 'out']) {
      const values = settings.map((s) => s[layer]);
      expect(values).toEqual([...values].sort((a, b) => a - b));
    }
    expect(new Set(settings.map((s) => rates.keyOf(s))).size).toBe(settings.length);
  });

  it('leaves a layer that was not scanned where it is weakest', () => {
    expect(settingsOf(rates, [], { correct: 9, count: 10 })).toEqual([{ fc1: 0, out: 0 }]);
  });
});
