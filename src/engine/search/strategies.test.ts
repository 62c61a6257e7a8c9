/** Strategies: the same seed gives the same sequence, and what is learnt changes what is asked. */
import { describe, expect, it } from 'vitest';
import { bayes, evolution, type Known, randomSearch, type Strategy } from './strategies';

/** Asks and tells `n` times. */
function run(strategy: Strategy, n: number, score: (point: readonly number[]) => number): Known[] {
  return Array.from({ length: n }, () => {
    const point = strategy.ask();
    const known = { point, score: score(point) };
    strategy.tell(known);
    return known;
  });
}
const target = [0.8, 0.3, 0.55];
const bowl = (point: readonly number[]) => point.reduce((sum, u, i) => sum + (u - target[i]) ** 2, 0);
const lowest = (all: readonly Known[]) => Math.min(...all.map((k) => k.score));
const makers = { randomSearch, evolution, bayes };

for (const [name, make] of Object.entries(makers)) {
  describe(name, () => {
    it('asks for the same points with the same seed and scores, and for others with another seed', () => {
      const [a, b] = [run(make(3, 5), 40, bowl), run(make(3, 5), 40, bowl)];
      expect(a).toEqual(b);
      expect(run(make(3, 6), 40, bowl)).not.toEqual(a);
    });

    it('stays in the cube, also of one layer and of many', () => {
      for (const size of [1, 30]) {
        for (const { point } of run(make(size, 1), 30, (p) => p[0])) {
          expect(point).toHaveLength(size);
          for (const u of point) expect(u >= 0 && u <= 1).toBe(true);
        }
      }
    });
  });
}

describe('learning', () => {
  it('random search asks the same whatever it is told; the others do not', () => {
    const points = (strategy: Strategy, sign: 1 | -1) =>
      run(strategy, 40, (p) => sign * bowl(p)).map((k) => k.point);
    expect(points(randomSearch(3, 2), 1)).toEqual(points(randomSearch(3, 2), -1));
    expect(points(evolution(3, 2), 1)).not.toEqual(points(evolution(3, 2), -1));
    expect(points(bayes(3, 2), 1)).not.toEqual(points(bayes(3, 2), -1));
  });

  it('evolution and Bayesian optimization come closer than random search, over several seeds', () => {
    const seeds = [1, 2, 3, 4, 5];
    const mean = (make: (size: number, seed: number) => Strategy) =>
      seeds.reduce((sum, seed) => sum + lowest(run(make(3, seed), 60, bowl)), 0) / seeds.length;
    const random = mean(randomSearch);
    expect(mean(evolution)).toBeLessThan(random);
    expect(mean(bayes)).toBeLessThan(random / 10);
  });

  it('a parent’s child differs in one coordinate; the old die, however good', () => {
    const strategy = evolution(4, 9);
    for (let i = 0; i < 8; i++) strategy.tell({ point: strategy.ask(), score: 1 });
    const king = [0.5, 0.5, 0.5, 0.5];
    strategy.tell({ point: king, score: -1 });
    const differs = (point: readonly number[]) => point.filter((u, i) => u !== king[i]).length;
    const children = Array.from({ length: 60 }, () => strategy.ask());
    expect(children.filter((child) => differs(child) === 1).length).toBeGreaterThan(10);
    for (let i = 0; i < 12; i++) strategy.tell({ point: [0, 0, 0, 0], score: 2 });
    for (let i = 0; i < 30; i++) expect(differs(strategy.ask())).toBeGreaterThanOrEqual(3);
  });

  it('Bayesian optimization takes up settings that others read off the curves', () => {
    const strategy = bayes(3, 4);
    for (let i = 0; i < 8; i++) strategy.ask();
    for (const shift of [0, 0.05, 0.1, 0.15]) {
      const point = target.map((u) => u - shift);
      strategy.tell({ point, score: bowl(point) });
    }
    const point = strategy.ask();
    expect(bowl(point)).toBeLessThan(0.3);
  });
});
