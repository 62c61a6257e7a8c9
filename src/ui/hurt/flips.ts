/** Flipped answers: of which kind, and which of them are shown. */
import { NO_ANSWER } from '../../datasets/answer';
import type { ClassChange, Comparison, Flips } from '../../worker/api-compare';

/** Right and then wrong, wrong and then right, wrong in another way. */
export const KINDS = ['lost', 'gained', 'other'] as const;
export type Kind = (typeof KINDS)[number];

export interface Flip {
  image: number;
  truth: number;
  a: number;
  b: number;
  sureA: number;
  sureB: number;
  truthA: number;
  truthB: number;
  kind: Kind;
}
/** An undefined entry lets everything through. */
export interface FlipFilter {
  kind?: Kind;
  truth?: number;
  /** Answer of the new network. */
  answer?: number;
}

export const kindOf = (truth: number, a: number, b: number): Kind =>
  a === truth ? 'lost' : b === truth ? 'gained' : 'other';

/** Indices into the arrays of those that pass, in their order. */
export function passing(flips: Flips, { kind, truth, answer }: FlipFilter): number[] {
  const found: number[] = [];
  for (let i = 0; i < flips.image.length; i++) {
    if (truth !== undefined && flips.truth[i] !== truth) continue;
    if (answer !== undefined && flips.b[i] !== answer) continue;
    if (kind !== undefined && kindOf(flips.truth[i], flips.a[i], flips.b[i]) !== kind) continue;
    found.push(i);
  }
  return found;
}
export function flipAt(flips: Flips, i: number): Flip {
  const [truth, a, b] = [flips.truth[i], flips.a[i], flips.b[i]];
  return {
    image: flips.image[i],
    truth,
    a,
    b,
    sureA: flips.sureA[i],
    sureB: flips.sureB[i],
    truthA: flips.truthA[i],
    truthB: flips.truthB[i],
    kind: kindOf(truth, a, b),
  };
}
/** How many there are of each kind, among those that pass the rest of the filter. */
export function countKinds(flips: Flips, filter: FlipFilter): Record<Kind, number> {
  const counts = { lost: 0, gained: 0, other: 0 };
  for (const i of passing(flips, { ...filter, kind: undefined }))
    counts[kindOf(flips.truth[i], flips.a[i], flips.b[i])]++;
  return counts;
}

/** Where a change is called more than chance: in one of twenty comparisons without any difference it would be. */
export const LEVEL = 0.05;
/** Change of accuracy, of a class without images 0. */
export const changeOf = ({ images, correctA, correctB }: ClassChange): number =>
  images === 0 ? 0 : (correctB - correctA) / images;
export const isSure = ({ adjusted }: ClassChange): boolean => adjusted < LEVEL;

/** Class indices: those that lost most first, equal ones by index. */
export const byChange = ({ perClass }: Pick<Comparison, 'perClass'>): number[] =>
  perClass.map((_, i) => i).sort((i, j) => changeOf(perClass[i]) - changeOf(perClass[j]) || i - j);

/** The classes that lost most, beyond chance: at most `most`. */
export const hurt = (comparison: Pick<Comparison, 'perClass'>, most: number): number[] =>
  byChange(comparison)
    .filter((i) => changeOf(comparison.perClass[i]) < 0 && isSure(comparison.perClass[i]))
    .slice(0, most);

/** Images that one of the networks has no answer to. */
export const unanswered = ({ flips }: Pick<Comparison, 'flips'>): number =>
  flips.image.reduce((n, _, i) => n + (flips.a[i] === NO_ANSWER || flips.b[i] === NO_ANSWER ? 1 : 0), 0);

/** One cell of the confusion difference. */
export interface Cell {
  truth: number;
  answer: number;
  before: number;
  after: number;
}
export const cellAt = (c: Comparison, truth: number, answer: number): Cell => {
  const k = truth * c.classes + answer;
  return { truth, answer, before: c.confusionA[k], after: c.confusionB[k] };
};
/** More mistakes, or fewer right answers. */
export const worse = ({ truth, answer, before, after }: Cell): boolean =>
  truth === answer ? after < before : after > before;

/** Largest change among the right answers, and among the mistakes: each has a scale of its own. */
export function extremes(c: Comparison): { right: number; wrong: number } {
  let [right, wrong] = [0, 0];
  for (let k = 0; k < c.confusionA.length; k++) {
    const size = Math.abs(c.confusionB[k] - c.confusionA[k]);
    if (Math.floor(k / c.classes) === k % c.classes) right = Math.max(right, size);
    else wrong = Math.max(wrong, size);
  }
  return { right, wrong };
}
