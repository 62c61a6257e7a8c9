import { describe, expect, it } from 'vitest';
import { referenceMachine } from '../kernels/reference/machine';
import { bench } from '../kernels/testing/bench';
import { methodById } from '../methods/registry';
import { withDefaults } from '../spec/defaults';
import { dataMoves, PAD } from './augment';
import { optimizerOf, type TrainValues } from './training';

const rows = (moves: Int8Array) =>
  Array.from({ length: moves.length / 4 }, (_, i) => [...moves.subarray(4 * i, 4 * i + 4)]);

describe('dataMoves', () => {
  it('depends on the step and not on what was asked before', () => {
    const [forth, back] = [dataMoves('flip-crop', 7, 1, 0, 0)!, dataMoves('flip-crop', 7, 1, 0, 0)!];
    const ahead = [0, 1, 2, 3].map((t) => [...forth(t)]);
    expect([3, 2, 1, 0].map((t) => [...back(t)]).reverse()).toEqual(ahead);
    expect(new Set(ahead.map(String)).size).toBe(4);
  });
  it('differs by seed, replicate and training', () => {
    const all = [
      [1, 0, 0],
      [2, 0, 0],
      [1, 1, 0],
      [1, 0, 1],
    ].map(([seed, replicate, training]) => String(dataMoves('crop', 20, seed, replicate, training)!(0)));
    expect(new Set(all).size).toBe(4);
  });
  it('flips half of the images and shifts by -4 to 4 pixels, evenly', () => {
    const moves = rows(dataMoves('flip-crop', 9000, 3, 0, 0)!(0));
    for (const k of [1, 2]) {
      const counts = Array(2 * PAD + 1).fill(0);
      for (const move of moves) counts[move[k] + PAD]++;
      // 1,000 expected of each; five standard deviations are 149.
      for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(149);
    }
    const flips = moves.filter(([flip]) => flip === 1).length;
    expect(Math.abs(flips - 4500)).toBeLessThan(237);
    expect(moves.every(([flip, , , rest]) => (flip === 0 || flip === 1) && rest === 0)).toBe(true);
  });
  it('makes the same draw for each choice of flip and crop', () => {
    const [both, flip, crop] = (['flip-crop', 'flip', 'crop'] as const).map((choice) =>
      rows(dataMoves(choice, 50, 1, 0, 0)!(5)),
    );
    expect(flip).toEqual(both.map(([f]) => [f, 0, 0, 0]));
    expect(crop).toEqual(both.map(([, down, right]) => [0, down, right, 0]));
    expect(dataMoves('none', 50, 1, 0, 0)).toBeUndefined();
  });
  it('what they do to a picture: a mirrored one, and one shifted over zeros', () => {
    const b = bench(referenceMachine());
    const pixels = b.put(Uint8Array.from([...[1, 2, 3, 4, 5, 6], ...[1, 2, 3, 4, 5, 6]]));
    const moves = b.put(new Uint8Array(Int8Array.from([1, 0, 0, 0, 0, 1, -1, 0]).buffer));
    const y = b.room(12);
    b.machine.augment({ h: 2, w: 3, c: 1 }, pixels, moves, y, 2, 1, 0);
    expect([...b.take(y, 12)]).toEqual([3, 2, 1, 6, 5, 4, 0, 4, 5, 0, 0, 0]);
  });
});

describe('optimizerOf', () => {
  const { params } = methodById('train');
  const values = (some: Partial<TrainValues>) => withDefaults(params, some) as TrainValues;
  it('has no weight decay unless asked, and decouples it for AdamW alone', () => {
    expect(optimizerOf(values({}))).toEqual({
      kind: 'adam',
      lr: 0.0012,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
    });
    expect(optimizerOf(values({ optimizer: 'adamw', weightDecay: 0.01 }))).toMatchObject({
      kind: 'adamw',
      weightDecay: 0.01,
    });
    expect(optimizerOf(values({ optimizer: 'sgd', weightDecay: 5e-4 }))).toEqual({
      kind: 'sgd',
      lr: 0.0012,
      momentum: 0.9,
      nesterov: false,
      weightDecay: 5e-4,
    });
  });
});
