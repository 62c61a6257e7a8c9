/** Settings and what they give, in words. */
import type { useTranslation } from 'react-i18next';
import { integer, times } from '../../i18n/format';
import type { NumberParam } from '../../spec/params';
import type { Goal, Hits, SearchMeasure, Setting, Tried } from '../../worker/api-search';
import { accuracyText, kilobytes, msText, signedPoints } from '../charts/numbers';
import { shown } from '../controls/units';

export type Say = ReturnType<typeof useTranslation<'search'>>['t'];
/** Beyond so many layers a range says more than a list. */
const LISTED = 6;

/** `fc1 94 %, fc2 88 %, out 70 %`; of many layers `50 % to 95 % in 28 layers`. */
export function settingText(t: Say, setting: Setting, param: NumberParam): string {
  const values = Object.entries(setting);
  // Bits are said once: the card says what the numbers are.
  if (values.length <= LISTED) return values.map(([layer, v]) => `${layer} ${shown(v, param)}`).join(', ');
  const all = values.map(([, v]) => v);
  return t('find.range', {
    low: shown(Math.min(...all), param),
    high: shown(Math.max(...all), param),
    count: integer(all.length),
  });
}

/** The most images that it was seen with. */
export const hitsOf = ({ full, quick }: Pick<Tried, 'full' | 'quick'>): Hits => full ?? quick;
export const accuracyOf = (tried: Pick<Tried, 'full' | 'quick'>): number => {
  const { correct, count } = hitsOf(tried);
  return correct / count;
};
export const denseAccuracy = ({ dense }: SearchMeasure): number => dense.correct / dense.count;

/** `0.3 points below dense`. */
export function againstDense(t: Say, tried: Pick<Tried, 'full' | 'quick'>, measure: SearchMeasure): string {
  const difference = accuracyOf(tried) - denseAccuracy(measure);
  const points = signedPoints(difference).slice(1);
  if (signedPoints(difference) === signedPoints(0)) return t('find.equal');
  return t(difference < 0 ? 'find.below' : 'find.above', { points });
}
/** `21.3 kB`, `97.42 % validation`, ... what was measured of it. */
export function numbersOf(t: Say, tried: Tried, measure: SearchMeasure): string[] {
  const { correct, count } = hitsOf(tried);
  const { time } = tried;
  return [
    kilobytes(tried.bytes),
    t('find.accuracy', { accuracy: accuracyText(correct, count) }),
    // On few images the dense network's own answer is another one.
    ...(tried.full ? [againstDense(t, tried, measure)] : []),
    ...(time
      ? [
          t(time.overlap ? 'find.noClaim' : 'find.faster', {
            time: msText(time.ms),
            ratio: times(time.ratio.median),
          }),
        ]
      : []),
  ];
}

/** What nothing that was tried could keep to, and what it would take. */
export function nothingText(t: Say, goal: Goal, closest: Tried, measure: SearchMeasure): string {
  const size = kilobytes(closest.bytes);
  const { correct, count } = hitsOf(closest);
  const accuracy = accuracyText(correct, count);
  switch (goal.kind) {
    case 'smallest':
      return t('find.nothing.smallest', {
        limit: signedPoints(goal.points / 100).slice(goal.points > 0 ? 1 : 0),
        lost: signedPoints(denseAccuracy(measure) - accuracyOf(closest)).replace('+', ''),
        size,
      });
    case 'fastest':
      return t('find.nothing.fastest', { limit: accuracyText(goal.accuracy * 1000, 1000), accuracy, size });
    case 'accurate':
      return t('find.nothing.accurate', { limit: kilobytes(goal.bytes), size });
  }
}
