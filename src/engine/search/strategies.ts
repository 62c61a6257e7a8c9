/**
 * Ways to propose the next setting. Each draws from a stream of its own and knows what it is told, nothing else: the
 * same seed and the same scores give the same sequence, whatever the others do.
 */
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { Seeker } from '../../worker/api-search';
import { stream, uniform } from '../rng';
import { expectedImprovement, fitGp } from './gp';

/** A point of the unit cube and its score; lower is better. */
export interface Known {
  point: readonly number[];
  score: number;
}
export interface Strategy {
  readonly id: Seeker;
  /** The next point to try. */
  ask(): number[];
  /** What became of a point that it asked for, or of one that was read off the curves. */
  tell(known: Known): void;
}
type Draw = () => number;
const drawer = (seed: number, id: Seeker): Draw => uniform(stream(seed, 'search', id) as RandomGenerator);
const anywhere = (draw: Draw, size: number): number[] => Array.from({ length: size }, draw);
const inside = (u: number): number => Math.min(1, Math.max(0, u));
/** Normal with this deviation, by Box and Muller. */
const jolt = (draw: Draw, deviation: number): number =>
  deviation * Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());

/** Uniform in the cube. Learns nothing: what anything cleverer has to beat (Bergstra and Bengio 2012). */
export function randomSearch(size: number, seed: number): Strategy {
  const draw = drawer(seed, 'random');
  return { id: 'random', ask: () => anywhere(draw, size), tell() {} };
}

/** Alive at a time, first ones drawn at random, and how many of them compete to be a parent. */
const POPULATION = 12;
const RANDOM_FIRST = 8;
const TOURNAMENT = 4;
const STEP = 0.15;
/** Share of mutations that draw a coordinate anew instead of moving it. */
const LEAP = 0.15;

/**
 * Aging evolution (Real, Aggarwal, Huang and Le 2019): the best of a few chosen at random has a child that differs in one
 * coordinate; the oldest dies, however good it is, so that a lucky measurement does not rule for ever.
 */
export function evolution(size: number, seed: number): Strategy {
  const draw = drawer(seed, 'evolution');
  const alive: Known[] = [];
  let asked = 0;
  const parent = (): readonly number[] => {
    let best: Known | undefined;
    for (let i = 0; i < TOURNAMENT; i++) {
      const rival = alive[Math.floor(draw() * alive.length)];
      if (!best || rival.score < best.score) best = rival;
    }
    return best!.point;
  };
  return {
    id: 'evolution',
    ask() {
      if (asked++ < RANDOM_FIRST || alive.length === 0) return anywhere(draw, size);
      const child = [...parent()];
      const gene = Math.floor(draw() * size);
      child[gene] = draw() < LEAP ? draw() : inside(child[gene] + jolt(draw, STEP));
      return child;
    },
    tell(known) {
      alive.push(known);
      if (alive.length > POPULATION) alive.shift();
    },
  };
}

/** Random points before there is something to model: two per axis, within reason. */
const firstOf = (size: number): number => Math.min(12, 2 * size + 2);
/** Points that the model is made from: the best, and the latest. Its cost grows with their cube. */
const BEST = 60;
const LATEST = 40;
/** Candidates among which the most promising is chosen. */
const SPREAD = 300;
const NEAR = 60;
const NEAR_STEPS = [0.02, 0.08, 0.2];

/** Bayesian optimization: the candidate with the greatest expected improvement under a Gaussian process. */
export function bayes(size: number, seed: number): Strategy {
  const draw = drawer(seed, 'bayes');
  const known: Known[] = [];
  let asked = 0;
  const near = (point: readonly number[], step: number): number[] =>
    // About two coordinates of many move, all of few.
    point.map((u) => (draw() < Math.max(0.34, 2 / size) ? inside(u + jolt(draw, step)) : u));
  return {
    id: 'bayes',
    ask() {
      if (asked++ < firstOf(size) || known.length < 2) return anywhere(draw, size);
      const ranked = known
        .map((k, age) => ({ ...k, age }))
        .sort((a, b) => a.score - b.score || a.age - b.age);
      const used = ranked.filter(({ age }, rank) => rank < BEST || age >= known.length - LATEST);
      const gp = fitGp(
        used.map((k) => k.point),
        used.map((k) => k.score),
      );
      const best = ranked[0];
      const candidates = Array.from({ length: SPREAD }, () => anywhere(draw, size));
      for (const { point } of ranked.slice(0, 3)) {
        for (let i = 0; i < NEAR; i++) candidates.push(near(point, NEAR_STEPS[i % NEAR_STEPS.length]));
      }
      let chosen = candidates[0];
      let most = Number.NEGATIVE_INFINITY;
      for (const candidate of candidates) {
        const { mean, deviation } = gp.predict(candidate);
        const gain = expectedImprovement(mean, deviation, best.score);
        if (gain > most) [chosen, most] = [candidate, gain];
      }
      return chosen;
    },
    tell(one) {
      known.push(one);
    },
  };
}

/** In the order in which they take turns. */
export const strategies = (size: number, seed: number): Strategy[] => [
  randomSearch(size, seed),
  evolution(size, seed),
  bayes(size, seed),
];
