/** The tables behind the panel; keys are the CSV header. Shares are in full precision, as counted. */
import { integer, percent } from '../../i18n/format';
import type { ClassChange, Comparison } from '../../worker/api-compare';
import type { Column, DataTable } from '../charts/csv';
import { decimalsFor } from '../charts/numbers';
import { cellAt, changeOf, type FlipFilter, flipAt, passing } from './flips';
import { pointsText, pText, type Say, signed, sureText } from './words';

type Name = (index: number) => string;
const count = (key: string, label: string): Column => ({ key, label, show: integer });

/** One row per class, the last one all together. */
export function classTable(t: Say, c: Comparison, name: Name): DataTable {
  const share = (key: string, label: string): Column => ({
    key,
    label,
    show: (v: number) => percent(v, decimalsFor(c.images)),
  });
  const row = (what: string, one: ClassChange) => ({
    class: what,
    test_images: one.images,
    correct_old: one.correctA,
    correct_new: one.correctB,
    accuracy_old: one.images === 0 ? undefined : one.correctA / one.images,
    accuracy_new: one.images === 0 ? undefined : one.correctB / one.images,
    change: one.images === 0 ? undefined : changeOf(one),
    right_to_wrong: one.lost,
    wrong_to_right: one.gained,
    mcnemar_p: one.p,
    holm_p: one.adjusted,
  });
  return {
    columns: [
      { key: 'class', label: t('table.class') },
      count('test_images', t('table.images')),
      count('correct_old', t('table.correctA')),
      count('correct_new', t('table.correctB')),
      share('accuracy_old', t('table.accuracyA')),
      share('accuracy_new', t('table.accuracyB')),
      { key: 'change', label: t('table.change'), show: (v: number) => pointsText(v, c.images) },
      count('right_to_wrong', t('table.lost')),
      count('wrong_to_right', t('table.gained')),
      { key: 'mcnemar_p', label: t('table.p'), show: pText },
      { key: 'holm_p', label: t('table.adjusted'), show: pText },
    ],
    rows: [...c.perClass.map((one, i) => row(name(i), one)), row(t('table.all'), c.all)],
  };
}

/** One row per pair of truth and answer that either network has. */
export function mapTable(t: Say, c: Comparison, name: Name): DataTable {
  const cells = Array.from({ length: c.classes ** 2 }, (_, k) =>
    cellAt(c, Math.floor(k / c.classes), k % c.classes),
  ).filter(({ before, after }) => before + after > 0);
  return {
    columns: [
      { key: 'is', label: t('table.truth') },
      { key: 'answer', label: t('table.answer') },
      count('count_old', t('table.before')),
      count('count_new', t('table.after')),
      { key: 'change', label: t('table.change'), show: signed },
    ],
    rows: cells.map(({ truth, answer, before, after }) => ({
      is: name(truth),
      answer: name(answer),
      count_old: before,
      count_new: after,
      change: after - before,
    })),
  };
}

/** One row per image whose answer changed, as filtered and in the order of the pictures. @param most rows */
export function flipTable(t: Say, c: Comparison, filter: FlipFilter, name: Name, most = Infinity): DataTable {
  const p = (key: string, label: string): Column => ({ key, label, show: sureText });
  const kinds = { lost: 'right_to_wrong', gained: 'wrong_to_right', other: 'wrong_to_other_wrong' };
  return {
    columns: [
      count('test_image', t('table.image')),
      { key: 'is', label: t('table.truth') },
      { key: 'answer_old', label: t('table.answerA') },
      p('p_old', t('table.sureA')),
      { key: 'answer_new', label: t('table.answerB') },
      p('p_new', t('table.sureB')),
      p('p_truth_old', t('table.truthA')),
      p('p_truth_new', t('table.truthB')),
      { key: 'kind', label: t('table.kind') },
    ],
    rows: passing(c.flips, filter)
      .slice(0, most)
      .map((i) => {
        const flip = flipAt(c.flips, i);
        return {
          test_image: flip.image,
          is: name(flip.truth),
          answer_old: name(flip.a),
          p_old: flip.sureA,
          answer_new: name(flip.b),
          p_new: flip.sureB,
          p_truth_old: flip.truthA,
          p_truth_new: flip.truthB,
          kind: kinds[flip.kind],
        };
      }),
  };
}
