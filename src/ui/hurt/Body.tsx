/** Two states, what their difference comes to in words, and the three ways to look at it. */
import { Loader, SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { integer, percent } from '../../i18n/format';
import { sayProblem } from '../../i18n/problem';
import { type Shown, useCompare } from '../../store/compare';
import { useLab } from '../../store/lab';
import { accuracyText } from '../charts/numbers';
import { Choose, useNames } from './Choose';
import { ClassBars } from './ClassBars';
import { ConfusionMap } from './ConfusionMap';
import { Flipped } from './Flipped';
import { changeOf, countKinds, hurt, isSure, unanswered } from './flips';
import classes from './hurt.module.css';
import { TableButton } from './TableButton';
import { type HurtViewState, VIEWS } from './useView';
import { pointsText, useClassNames } from './words';

interface Props {
  state: HurtViewState;
  /** All three beside each other. */
  wide?: boolean;
}
export function Body({ state, wide }: Props) {
  const { t } = useTranslation('compare');
  const trained = useLab((s) => s.preview?.dense !== undefined);
  const shown = useCompare((s) => s.shown);
  const working = useCompare((s) => s.working);
  if (!trained) return <div className={classes.empty}>{t('empty')}</div>;
  const same = shown && shown.comparison.flips.image.length === 0;
  return (
    <div className={classes.body} data-wide={wide || undefined} aria-busy={working || undefined}>
      <Choose />
      <Trouble />
      {shown ? <Said shown={shown} /> : <Working />}
      {shown &&
        !same &&
        (wide ? <Wide shown={shown} state={state} /> : <Narrow shown={shown} state={state} />)}
    </div>
  );
}

function Narrow({ shown, state }: { shown: Shown; state: HurtViewState }) {
  const { t } = useTranslation('compare');
  const { view } = state;
  return (
    <>
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label={t('view.label')}
        data={VIEWS.map((value) => ({ value, label: t(`view.${value}`) }))}
        value={view}
        onChange={(v) => state.setView(v as HurtViewState['view'])}
      />
      {view === 'classes' && <Bars shown={shown} state={state} />}
      {view === 'map' && <Confusions shown={shown} state={state} />}
      {view === 'pictures' && (
        <Flipped shown={shown} filter={state.filter} onFilter={state.setFilter} page={12} />
      )}
    </>
  );
}
function Wide({ shown, state }: { shown: Shown; state: HurtViewState }) {
  const { t } = useTranslation('compare');
  return (
    <div className={classes.columns}>
      <section aria-label={t('classes.title')}>
        <Title text={t('classes.title')} view="classes" shown={shown} state={state} />
        <Bars shown={shown} state={state} />
      </section>
      <section aria-label={t('map.title')}>
        <Title text={t('map.title')} view="map" shown={shown} state={state} />
        <Confusions shown={shown} state={state} />
      </section>
      <section aria-label={t('pictures.title')}>
        <Title text={t('pictures.title')} view="pictures" shown={shown} state={state} />
        <Flipped shown={shown} filter={state.filter} onFilter={state.setFilter} page={24} />
      </section>
    </div>
  );
}
interface TitleProps {
  text: string;
  view: HurtViewState['view'];
  shown: Shown;
  state: HurtViewState;
}
const Title = ({ text, view, shown, state }: TitleProps) => (
  <div className={classes.line}>
    <h3 className={classes.subtitle}>{text}</h3>
    <TableButton shown={shown} view={view} filter={state.filter} />
  </div>
);
const Bars = ({ shown, state }: { shown: Shown; state: HurtViewState }) => (
  <ClassBars
    shown={shown}
    order={state.order}
    onOrder={state.setOrder}
    onPick={(truth) => state.show({ truth })}
  />
);
const Confusions = ({ shown, state }: { shown: Shown; state: HurtViewState }) => (
  <ConfusionMap
    shown={shown}
    // On the diagonal: what was right and is not any more, or the other way round.
    onPick={(truth, answer) => state.show(truth === answer ? { truth } : { truth, answer })}
  />
);

/** What it comes to. */
function Said({ shown }: { shown: Shown }) {
  const { t } = useTranslation('compare');
  const name = useClassNames(shown);
  const { comparison } = shown;
  const { all, images, flips, perClass } = comparison;
  if (flips.image.length === 0) {
    return <p className={classes.empty}>{t('same', { images: integer(images) })}</p>;
  }
  const kinds = countKinds(flips, {});
  const worst = hurt(comparison, 3).map((i) =>
    t('hurtOne', { name: name(i), points: pointsText(changeOf(perClass[i]), perClass[i].images) }),
  );
  const sure = perClass.some(isSure);
  const silent = unanswered(comparison);
  return (
    <p className={classes.said} aria-live="polite">
      {t('accuracy', {
        a: accuracyText(all.correctA, images),
        b: accuracyText(all.correctB, images),
        points: pointsText(changeOf(all), images),
        images: integer(images),
      })}{' '}
      {worst.length > 0 ? (
        <strong>{t('hurt', { classes: worst.join(t('comma')) })}</strong>
      ) : (
        !sure && <strong>{t('noise')}</strong>
      )}{' '}
      {t('flipped', {
        flips: integer(flips.image.length),
        lost: integer(kinds.lost),
        gained: integer(kinds.gained),
        other: integer(kinds.other),
      })}{' '}
      {silent > 0 && t('unanswered', { count: silent })}
    </p>
  );
}

function Working() {
  const { t } = useTranslation('compare');
  const share = useCompare((s) => s.share);
  const stuck = useCompare((s) => s.missing.length > 0 || s.problem !== undefined);
  if (stuck) return null;
  return (
    <div className={classes.empty} role="status">
      <Loader size={14} aria-hidden />{' '}
      {share === undefined ? t('working') : t('workingShare', { share: percent(share, 0) })}
    </div>
  );
}
/** Why there is nothing to show, where something was chosen that cannot be had. */
function Trouble() {
  const { t } = useTranslation('compare');
  const { missing, problem, ...choices } = useCompare();
  const name = useNames();
  const text =
    missing.length > 0
      ? t('missing', { names: missing.map((which) => name(choices[which])).join(t('and')) })
      : problem && sayProblem(problem);
  return text ? (
    <p className={classes.trouble} role="alert">
      {text}
    </p>
  ) : null;
}
