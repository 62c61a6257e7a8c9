/** Fast and plain agree on whatever answers; the test of a change is the one of the books. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_ANSWER } from '../../datasets/answer';
import { type Answers, noAnswers, readLogits } from './answers';
import { compareAnswers } from './compare';
import { holm, mcnemar } from './mcnemar';

const answers = (answer: number[], sure = answer.map(() => 0.5)): Answers => ({
  answer: Uint8Array.from(answer),
  sure: Float32Array.from(sure),
  truth: Float32Array.from(answer, () => 0.25),
});

/** The definition, by whole numbers: sum of binomials over 2^n. */
function plainMcnemar(lost: number, gained: number): number {
  const n = lost + gained;
  let choose = 1n;
  let sum = 0n;
  for (let i = 0; i <= Math.min(lost, gained); i++) {
    sum += choose;
    choose = (choose * BigInt(n - i)) / BigInt(i + 1);
  }
  const scale = 10n ** 40n;
  return Math.min(1, Number((2n * sum * scale) / 2n ** BigInt(n)) / 1e40);
}

describe('mcnemar', () => {
  it('is the sum of binomials', () => {
    fc.assert(
      fc.property(fc.nat(120), fc.nat(120), (lost, gained) => {
        const plain = plainMcnemar(lost, gained);
        expect(Math.abs(mcnemar(lost, gained) - plain)).toBeLessThan(1e-11 * Math.max(plain, 1e-20));
      }),
    );
  });
  it('known values, symmetric, 1 where nothing or as much changed', () => {
    expect(mcnemar(0, 0)).toBe(1);
    expect(mcnemar(7, 7)).toBe(1);
    expect(mcnemar(0, 5)).toBeCloseTo(2 / 32, 12);
    expect(mcnemar(6, 16)).toBeCloseTo(mcnemar(16, 6), 15);
    // 1 + 22 + 231 + 1540 + 7315 + 26334 + 74613 ways of at most 6 among 22.
    expect(mcnemar(6, 16)).toBeCloseTo((2 * 110_056) / 2 ** 22, 14);
  });
  it('does not run out of range for the largest test sets', () => {
    expect(mcnemar(4000, 6000)).toBeGreaterThanOrEqual(0);
    expect(mcnemar(4000, 6000)).toBeLessThan(1e-80);
    expect(mcnemar(4990, 5010)).toBeCloseTo(0.85, 1);
    expect(mcnemar(0, 10_000)).toBe(0);
  });
});

describe('holm', () => {
  it('multiplies by what is left, never falls, keeps the order given', () => {
    expect(holm([0.04, 0.01, 0.03])).toEqual([0.06, 0.03, 0.06]);
    expect(holm([0.6, 0.5])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
    expect(holm([0.2])).toEqual([0.2]);
  });
});

describe('readLogits', () => {
  const read = (logits: number[], labels: number[]) => {
    const into = noAnswers(labels.length);
    readLogits(Float32Array.from(logits), Uint8Array.from(labels), 0, into);
    return into;
  };
  it('first of the largest, softmax of it and of the truth', () => {
    const { answer, sure, truth } = read([0, Math.log(3), 0, 1, 1, 0], [0, 2]);
    expect([...answer]).toEqual([1, 0]);
    expect(sure[0]).toBeCloseTo(0.6, 6);
    expect(truth[0]).toBeCloseTo(0.2, 6);
    expect(sure[1]).toBeCloseTo(Math.E / (2 * Math.E + 1), 6);
  });
  it('a NaN anywhere is no answer; infinite logits are sure', () => {
    const { NaN: nan, POSITIVE_INFINITY: inf, NEGATIVE_INFINITY: low } = Number;
    const { answer, sure, truth } = read([5, nan, 1, 2, inf, 9, low, 0, low], [0, 0, 1]);
    expect([...answer]).toEqual([NO_ANSWER, 1, 1]);
    expect([...sure]).toEqual([nan, 1, 1]);
    expect([...truth]).toEqual([nan, 0, 1]);
  });
  it('fills its part and no other', () => {
    const into = noAnswers(4);
    readLogits(Float32Array.of(0, 1, 1, 0), Uint8Array.of(0, 0, 1, 1).subarray(0, 3), 1, into);
    expect([...into.answer]).toEqual([NO_ANSWER, 1, 0, NO_ANSWER]);
  });
});

/** By the words of the interface, one question at a time. */
function plain(labels: Uint8Array, classes: number, a: Answers, b: Answers) {
  const images = [...labels.keys()];
  const count = (holds: (i: number) => boolean) => images.filter(holds).length;
  const perClass = Array.from({ length: classes }, (_, c) => ({
    images: count((i) => labels[i] === c),
    correctA: count((i) => labels[i] === c && a.answer[i] === c),
    correctB: count((i) => labels[i] === c && b.answer[i] === c),
    lost: count((i) => labels[i] === c && a.answer[i] === c && b.answer[i] !== c),
    gained: count((i) => labels[i] === c && a.answer[i] !== c && b.answer[i] === c),
  }));
  const cells = (of: Answers) =>
    Array.from({ length: classes * classes }, (_, k) =>
      count((i) => labels[i] === Math.floor(k / classes) && of.answer[i] === k % classes),
    );
  return { perClass, confusionA: cells(a), confusionB: cells(b) };
}

describe('compareAnswers', () => {
  const some = fc.integer({ min: 2, max: 7 }).chain((classes) =>
    fc.record({
      classes: fc.constant(classes),
      images: fc.array(
        fc.record({
          label: fc.nat(classes - 1),
          a: fc.oneof(fc.nat(classes - 1), fc.constant(NO_ANSWER)),
          b: fc.oneof(fc.nat(classes - 1), fc.constant(NO_ANSWER)),
          sure: fc.integer({ min: 0, max: 4 }),
        }),
        { maxLength: 60 },
      ),
    }),
  );
  it('counts as the plain definition does', () => {
    fc.assert(
      fc.property(some, ({ classes, images }) => {
        const labels = Uint8Array.from(images, (i) => i.label);
        const sure = images.map((i) => (i.a === NO_ANSWER ? Number.NaN : i.sure / 4));
        const a = answers(
          images.map((i) => i.a),
          sure,
        );
        const b = answers(images.map((i) => i.b));
        const found = compareAnswers(labels, classes, a, b);
        const wanted = plain(labels, classes, a, b);
        expect(found.perClass).toMatchObject(wanted.perClass);
        expect([...found.confusionA]).toEqual(wanted.confusionA);
        expect([...found.confusionB]).toEqual(wanted.confusionB);
        const flipped = [...found.flips.image];
        expect([...flipped].sort((x, y) => x - y)).toEqual(
          [...labels.keys()].filter((i) => images[i].a !== images[i].b),
        );
        for (let k = 1; k < flipped.length; k++) {
          const [s, t] = [found.flips.sureA[k - 1], found.flips.sureA[k]];
          const falls = s > t || (Number.isNaN(t) && !Number.isNaN(s));
          const ties = Object.is(s, t) && flipped[k - 1] < flipped[k];
          expect(falls || ties).toBe(true);
        }
        const difference = found.perClass.map((c) => c.correctB - c.correctA - c.gained + c.lost);
        expect(difference).toEqual(difference.map(() => 0));
      }),
    );
  });

  it('equal states: nothing anywhere', () => {
    const same = answers([0, 1, NO_ANSWER, 2, 1]);
    const found = compareAnswers(Uint8Array.of(0, 1, 2, 2, 0), 4, same, same);
    expect(found.flips.image).toHaveLength(0);
    expect(found.confusionB).toEqual(found.confusionA);
    expect(found.all).toMatchObject({ images: 5, correctA: 3, correctB: 3, lost: 0, gained: 0, p: 1 });
    for (const c of found.perClass) expect(c).toMatchObject({ lost: 0, gained: 0, p: 1, adjusted: 1 });
  });

  it('a class without images is there, with zeros, and asks no question of its own', () => {
    const labels = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 2, 2);
    const a = answers([0, 0, 0, 0, 0, 0, 0, 0, 2, 2]);
    const b = answers([1, 1, 1, 1, 1, 1, 1, 1, 2, 2]);
    const { perClass, all } = compareAnswers(labels, 3, a, b);
    expect(perClass[1]).toEqual({
      images: 0,
      correctA: 0,
      correctB: 0,
      lost: 0,
      gained: 0,
      p: 1,
      adjusted: 1,
    });
    // Two classes have images: the smallest p counts twice, not three times.
    expect(perClass[0].p).toBeCloseTo(2 / 256, 12);
    expect(perClass[0].adjusted).toBeCloseTo(4 / 256, 12);
    expect(all.p).toBeCloseTo(2 / 256, 12);
  });
});
