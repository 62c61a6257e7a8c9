/** Change of accuracy, class by class: how much, and whether that is more than chance. */
import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Shown } from '../../store/compare';
import type { ClassChange } from '../../worker/api-compare';
import { accuracyText } from '../charts/numbers';
import { byChange, changeOf, isSure } from './flips';
import classes from './hurt.module.css';
import { pointsText, pText, useClassNames } from './words';

interface Props {
  shown: Shown;
  order: 'class' | 'change';
  onOrder(order: 'class' | 'change'): void;
  onPick(truth: number): void;
}
export function ClassBars({ shown, order, onOrder, onPick }: Props) {
  const { t } = useTranslation('compare');
  const { comparison } = shown;
  const { perClass, all } = comparison;
  const name = useClassNames(shown);
  const indices = order === 'change' ? byChange(comparison) : perClass.map((_, i) => i);
  const reach = Math.max(0.005, ...perClass.map((c) => Math.abs(changeOf(c))), Math.abs(changeOf(all)));
  return (
    <div>
      <div className={classes.orders}>
        <SegmentedControl
          size="xs"
          aria-label={t('classes.order')}
          data={[
            { value: 'change', label: t('classes.byChange') },
            { value: 'class', label: t('classes.byClass') },
          ]}
          value={order}
          onChange={(v) => onOrder(v as Props['order'])}
        />
      </div>
      <ul className={classes.bars} aria-label={t('classes.title')}>
        {indices.map((i) => (
          <Row
            key={i}
            name={name(i)}
            change={perClass[i]}
            reach={reach}
            overall={changeOf(all)}
            onPick={() => onPick(i)}
          />
        ))}
      </ul>
      <ul className={classes.key}>
        {(['worse', 'better', 'chance'] as const).map((tone) => (
          <li key={tone}>
            <i data-tone={tone} aria-hidden />
            {t(`classes.${tone}`)}
          </li>
        ))}
        <li>
          <u aria-hidden />
          {t('classes.overall', { points: pointsText(changeOf(all), all.images) })}
        </li>
      </ul>
      <p className={classes.note}>
        {t('classes.test', { classes: String(perClass.filter((c) => c.images > 0).length) })}
      </p>
    </div>
  );
}

interface RowProps {
  name: string;
  change: ClassChange;
  /** Change that fills half a bar. */
  reach: number;
  overall: number;
  onPick(): void;
}
function Row({ name, change: c, reach, overall, onPick }: RowProps) {
  const { t } = useTranslation('compare');
  const change = changeOf(c);
  const side = (x: number) => 50 + (50 * x) / reach;
  const tone = !isSure(c) ? 'chance' : change < 0 ? 'worse' : 'better';
  const points = pointsText(change, c.images);
  const said = t('classes.row', {
    name,
    points,
    a: accuracyText(c.correctA, c.images),
    b: accuracyText(c.correctB, c.images),
    lost: String(c.lost),
    gained: String(c.gained),
    images: String(c.images),
    p: pText(c.adjusted),
    sure: isSure(c) ? t('classes.sure') : '',
  });
  return (
    <li>
      <button
        type="button"
        className={classes.bar}
        onClick={onPick}
        disabled={c.images === 0}
        aria-label={c.images === 0 ? `${name}: ${t('classes.none')}` : said}
        title={c.images === 0 ? undefined : said}
      >
        <span className={classes.name}>{name}</span>
        <span className={classes.track} aria-hidden>
          <i
            data-tone={tone}
            style={{ left: `${Math.min(50, side(change))}%`, width: `${Math.abs(side(change) - 50)}%` }}
          />
          <u style={{ left: `${side(overall)}%` }} />
        </span>
        <span className={classes.points} data-tone={tone}>
          {c.images === 0 ? '–' : points}
        </span>
      </button>
    </li>
  );
}
