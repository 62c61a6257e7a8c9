/** What is said about lines and points, in the page's language. */
import type { useTranslation } from 'react-i18next';
import { decimal, fixed, integer, percent, times } from '../../i18n/format';
import type { SpeedAxis, SpeedPoint } from '../../worker/api';
import { shareText } from '../charts/numbers';
import { breakEven, promised, type Verdict } from './break-even';
import type { Line } from './series';

export type Say = ReturnType<typeof useTranslation<'speed'>>['t'];

/** A place on an axis as it is said. */
export function placeText(t: Say, axis: SpeedAxis, x: number): string {
  if (axis === 'bits') return t('words.bits', { bits: integer(x) });
  if (axis === 'rank') return t('words.rank', { rank: integer(x) });
  return shareText(Math.round(x * 1000) / 1000);
}
/** With its unit; a place between two measured ones without digits that nobody has measured. */
function whole(t: Say, axis: SpeedAxis, x: number, computed: boolean): string {
  if (axis !== 'sparsity') return placeText(t, axis, Math.round(x));
  const share = computed ? percent(x, x > 0.97 ? 1 : 0) : placeText(t, axis, x);
  return t('words.sparsity', { share });
}
export const msText = (ms: number): string => {
  if (ms < 1) return `${decimal(ms * 1000, ms < 0.01 ? 2 : 1)}\u202fµs`;
  return `${decimal(ms, ms < 10 ? 2 : 1)}\u202fms`;
};
/** `≈ 1.02×` where no claim is made. */
export const ratioText = (p: SpeedPoint): string => `${p.overlap ? '≈\u202f' : ''}${times(p.ratio.median)}`;
export const rangeText = ({ ratio: { q1, q3 } }: SpeedPoint): string => `${fixed(q1, 2)}–${times(q3)}`;

/** One sentence per series. */
export function lineText(t: Say, { series, points }: Line, axis: SpeedAxis): string {
  const name = t(`series.${series}`);
  const top = points.reduce((a, b) => (b.ratio.median > a.ratio.median ? b : a));
  const at = { ratio: ratioText(top), x: placeText(t, axis, top.x), promised: times(promised(top)) };
  const last = points[points.length - 1];
  if (series === 'masked' && last.overlap) {
    const x = placeText(t, axis, last.x);
    return t('words.masked', { ratio: ratioText(last), x, sparsity: x });
  }
  // Fewer bits are not fewer multiplications.
  const best = axis === 'bits' ? t('words.bestPlain', at) : t('words.best', at);
  return sentence(t, breakEven(points, axis), { name, best, axis });
}
function sentence(
  t: Say,
  v: Verdict,
  { name: series, best, axis }: { name: string; best: string; axis: SpeedAxis },
) {
  switch (v.is) {
    case 'none':
      return '';
    case 'always':
      return t('words.always', { series, x: whole(t, axis, v.x, false), best });
    case 'from':
      if (v.sure) return t('words.from', { series, x: whole(t, axis, v.x, true), best });
      return t('words.about', {
        series,
        x: whole(t, axis, v.x, true),
        low: placeText(t, axis, v.low),
        high: placeText(t, axis, v.high),
        best,
      });
    case 'some':
      return t('words.some', { series, xs: v.xs.map((x) => placeText(t, axis, x)).join(', '), best });
    case 'same':
      return t('words.same', { series });
    case 'never':
      return t('words.never', { series, best });
  }
}
export const tfjsText = (t: Say, p: SpeedPoint): string =>
  t('words.tfjs', { times: times(p.time.median / p.dense.median), kernel: p.kernel ?? 'tfjs' });
