import { describe, expect, it } from 'vitest';
import { kernelNames } from '../models/build';
import type { NetState } from '../models/types';
import { withDefaults } from '../spec/defaults';
import { contextWith, smallArch, trainedState } from './fixtures';
import { sliderOf } from './slider';
import { deviation, threshold } from './threshold';
import type { Note } from './types';

type Values = Partial<Parameters<typeof threshold.apply>[1]>;
const notes: Note[] = [];
const run = (state: NetState, values: Values) =>
  threshold.apply(state, withDefaults(threshold.params, values), contextWith({}, state.arch, notes));

describe('threshold', () => {
  it('removes what is smaller and nothing else, and tells how many by layer', () => {
    notes.length = 0;
    const before = trainedState();
    const after = run(before, { below: 0.25 });
    let gone = 0;
    for (const name of kernelNames(smallArch)) {
      before.tensors[name].forEach((w, i) => {
        expect(after.masks[name][i]).toBe(Math.abs(w) < 0.25 ? 0 : 1);
        gone += 1 - after.masks[name][i];
      });
    }
    expect(gone).toBeGreaterThan(50);
    expect(notes[0]).toEqual({ code: 'threshold', values: { removed: gone, of: 411, share: gone / 411 } });
    expect(notes[1].values?.list).toMatch(/^conv1 [\d.]+ %, fc1 [\d.]+ %, out [\d.]+ %$/);
  });
  it('keeps a weight that is just as large; exact zeros always go', () => {
    const state = trainedState();
    const kernel = Float32Array.from({ length: 60 }, (_, i) => [0, -0, 0.5, -0.5, 0.49][i % 5]);
    const { masks } = run({ ...state, tensors: { ...state.tensors, 'out/kernel': kernel } }, { below: 0.5 });
    expect([...masks['out/kernel'].subarray(0, 5)]).toEqual([0, 0, 1, 1, 0]);
  });
  it('by deviation: of the survivors of each layer, so that it grows as they go', () => {
    const state = trainedState();
    const once = run(state, { by: 'deviation', quality: 1 });
    const kernel = state.tensors['fc1/kernel'];
    const mean = kernel.reduce((a, b) => a + b) / kernel.length;
    const sigma = Math.sqrt(kernel.reduce((sum, w) => sum + (w - mean) ** 2, 0) / kernel.length);
    expect(deviation(kernel, undefined)).toBeCloseTo(sigma, 12);
    expect([...once.masks['fc1/kernel']]).toEqual([...kernel].map((w) => (Math.abs(w) < sigma ? 0 : 1)));
    expect(deviation(kernel, once.masks['fc1/kernel'])).toBeGreaterThan(sigma);
    expect(deviation(kernel, new Uint8Array(kernel.length))).toBe(0);
  });
  it('refuses a network that has diverged, but not for what is pruned', () => {
    const state = trainedState();
    const bad = new Float32Array(324).fill(Number.NaN);
    const broken = { ...state, tensors: { ...state.tensors, 'fc1/kernel': bad } };
    expect(() => run(broken, {})).toThrow(/finite/);
    expect(() => run({ ...broken, masks: { 'fc1/kernel': new Uint8Array(324) } }, {})).not.toThrow();
  });
  it('has the slider of its unit', () => {
    expect(sliderOf(threshold)).toBe('below');
    expect(sliderOf(threshold, { by: 'deviation' })).toBe('quality');
  });
});
