/**
 * Two networks on the same images: where they differ, class by class and image by image. A compressed network can
 * keep its accuracy and still fail on other images, and on some classes more than on others
 * (Hooker et al.: What do compressed deep neural networks forget? 2019, https://arxiv.org/abs/1911.05248).
 */
import { NO_ANSWER } from '../../datasets/answer';
import type { ClassChange, Comparison, Flips } from '../../worker/api-compare';
import type { Answers } from './answers';
import { holm, mcnemar } from './mcnemar';

/**
 * @param labels one per image, below `classes`
 * @param a answers of the network compared against, @param b of the one that is looked at
 */
export function compareAnswers(labels: Uint8Array, classes: number, a: Answers, b: Answers): Comparison {
  const perClass = tested(changes(labels, classes, a, b));
  const all = perClass.reduce(together, { ...NOTHING });
  const p = mcnemar(all.lost, all.gained);
  return {
    images: labels.length,
    classes,
    confusionA: confusion(labels, classes, a.answer),
    confusionB: confusion(labels, classes, b.answer),
    perClass,
    all: { ...all, p, adjusted: p },
    flips: flips(labels, a, b),
  };
}

/** Counts [truth, answer]; images without an answer are left out. */
export function confusion(labels: Uint8Array, classes: number, answer: Uint8Array): Uint32Array {
  const counts = new Uint32Array(classes * classes);
  for (let i = 0; i < labels.length; i++) {
    if (answer[i] !== NO_ANSWER) counts[labels[i] * classes + answer[i]]++;
  }
  return counts;
}

const NOTHING: ClassChange = { images: 0, correctA: 0, correctB: 0, lost: 0, gained: 0, p: 1, adjusted: 1 };

function changes(labels: Uint8Array, classes: number, a: Answers, b: Answers): ClassChange[] {
  const all = Array.from({ length: classes }, () => ({ ...NOTHING }));
  for (let i = 0; i < labels.length; i++) {
    const change = all[labels[i]];
    const [wasRight, isRight] = [a.answer[i] === labels[i], b.answer[i] === labels[i]];
    change.images++;
    if (wasRight) change.correctA++;
    if (isRight) change.correctB++;
    if (wasRight && !isRight) change.lost++;
    if (isRight && !wasRight) change.gained++;
  }
  return all;
}
/** Classes without images ask no question: they are not among the tests that are corrected for. */
function tested(all: readonly ClassChange[]): ClassChange[] {
  const ps = all.map(({ lost, gained }) => mcnemar(lost, gained));
  const asked = all.flatMap(({ images }, i) => (images > 0 ? [i] : []));
  const adjusted = holm(asked.map((i) => ps[i]));
  return all.map((change, i) => {
    const at = asked.indexOf(i);
    return { ...change, p: ps[i], adjusted: at < 0 ? 1 : adjusted[at] };
  });
}
const together = (sum: ClassChange, one: ClassChange): ClassChange => ({
  ...sum,
  images: sum.images + one.images,
  correctA: sum.correctA + one.correctA,
  correctB: sum.correctB + one.correctB,
  lost: sum.lost + one.lost,
  gained: sum.gained + one.gained,
});

/** Images with another answer; the surest under A first, those without an answer under A last, ties by index. */
function flips(labels: Uint8Array, a: Answers, b: Answers): Flips {
  const found: number[] = [];
  for (let i = 0; i < labels.length; i++) if (a.answer[i] !== b.answer[i]) found.push(i);
  const sure = (i: number) => (Number.isNaN(a.sure[i]) ? -1 : a.sure[i]);
  found.sort((i, j) => sure(j) - sure(i) || i - j);
  const bytes = (of: Uint8Array) => Uint8Array.from(found, (i) => of[i]);
  const floats = (of: Float32Array) => Float32Array.from(found, (i) => of[i]);
  return {
    image: Uint32Array.from(found),
    truth: bytes(labels),
    a: bytes(a.answer),
    b: bytes(b.answer),
    sureA: floats(a.sure),
    sureB: floats(b.sure),
    truthA: floats(a.truth),
    truthB: floats(b.truth),
  };
}
