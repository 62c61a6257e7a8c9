import { expect, it } from 'vitest';
import { referenceMachine } from '../reference/machine';
import { bench } from '../testing/bench';
import { checkSuite } from '../testing/check';
import { scoreSuite } from './suite';

checkSuite(scoreSuite);

it('draws as often as sigma(s) says, anew for every seed', () => {
  const n = 20_000;
  const machine = referenceMachine();
  const b = bench(machine);
  const w = b.put(new Float32Array(n).fill(1));
  const [s, y, z] = [b.put(Float32Array.from({ length: n }, (_, i) => (i % 5) - 2)), b.room(n), b.room(n)];
  machine.drawWeights(w, s, 0, y, n, 0, [1, 2, 3]);
  machine.drawWeights(w, s, 0, z, n, 0, [1, 2, 4]);
  const [one, other] = [b.take(y, n), b.take(z, n)];
  for (let k = 0; k < 5; k++) {
    const p = 1 / (1 + Math.exp(2 - k));
    const of = (t: Float32Array) => t.filter((_, i) => i % 5 === k);
    const share = of(one).reduce((sum, v) => sum + v, 0) / (n / 5);
    // Five standard deviations.
    expect(Math.abs(share - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / (n / 5)));
    const second = of(other);
    const both = of(one).filter((v, i) => v === 1 && second[i] === 1).length / (n / 5);
    expect(Math.abs(both - p * p)).toBeLessThan(5 * Math.sqrt((p * p * (1 - p * p)) / (n / 5)));
  }
});
