/** Cards of one list; repeats and forks hold lists of their own. */
import { NumberInput } from '@mantine/core';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { LIMITS } from '../../spec/limits';
import { roundsOf } from '../../spec/location';
import { type ForkStep, isFork, isMethod, isRepeat, type RepeatStep, type Step } from '../../spec/types';
import { useLab } from '../../store/lab';
import { AddStep } from './AddStep';
import { armColor } from './arms';
import { CardFrame } from './CardFrame';
import { MethodCard } from './MethodCard';
import classes from './recipe.module.css';

/**
 * Cards that have not changed are not drawn anew while another one's slider is dragged.
 * @param list path of the list, e.g. `recipe` or `recipe.1.steps`
 */
export const StepList = memo(function StepList({ list, steps }: { list: string; steps: readonly Step[] }) {
  return (
    <ol className={classes.list}>
      {steps.map((step, i) => {
        const at = `${list}.${i}`;
        // Cards have no identity but their place and kind.
        const key = `${at}-${isMethod(step) ? step.do : isRepeat(step) ? 'repeat' : 'fork'}`;
        return (
          <li key={key}>
            {isMethod(step) && <MethodCard at={at} step={step} />}
            {isRepeat(step) && <RepeatCard at={at} step={step} />}
            {isFork(step) && <ForkCard at={at} step={step} />}
          </li>
        );
      })}
    </ol>
  );
});

const RepeatCard = memo(function RepeatCard({ at, step }: { at: string; step: RepeatStep }) {
  const { t } = useTranslation();
  const round = useLab((s) => {
    const p = s.progress?.running.find((training) => training.at.startsWith(`${at}[`));
    return p && roundsOf(p.at)[0];
  });
  const [min, max] = LIMITS.rounds;
  return (
    <CardFrame
      at={at}
      step={step}
      title={t('repeat.title')}
      lead={
        <>
          <span className={classes.name}>{t('repeat.title')}</span>
          <NumberInput
            aria-label={t('repeat.rounds')}
            size="xs"
            w={62}
            ml={4}
            min={min}
            max={max}
            allowDecimal={false}
            clampBehavior="strict"
            value={step.repeat}
            prefix="× "
            onChange={(v) => typeof v === 'number' && v >= min && useLab.getState().setRounds(at, v)}
          />
        </>
      }
      status={
        round !== undefined && (
          <span className={classes.status} data-tone="accent">
            {t('repeat.round', { now: String(round), all: String(step.repeat) })}
          </span>
        )
      }
    >
      <div className={classes.nested}>
        {step.steps.length === 0 && <div className={classes.summary}>{t('repeat.empty')}</div>}
        <StepList list={`${at}.steps`} steps={step.steps} />
        <AddStep list={`${at}.steps`} count={step.steps.length} small />
      </div>
    </CardFrame>
  );
});

const ForkCard = memo(function ForkCard({ at, step }: { at: string; step: ForkStep }) {
  const { t } = useTranslation();
  return (
    <CardFrame
      at={at}
      step={step}
      title={t('fork.title')}
      lead={<span className={classes.name}>{t('fork.title')}</span>}
    >
      {Object.entries(step.fork).map(([arm, steps], i) => (
        <section key={arm} aria-label={t('fork.arm', { name: arm })}>
          <div className={classes.arm}>
            <span className={classes.swatch} style={{ background: armColor(arm, i) }} aria-hidden />
            {arm}
            <span className={classes.dim}>{i === 0 ? t('fork.trunk') : t('fork.control')}</span>
          </div>
          <div className={classes.nested}>
            <StepList list={`${at}.fork.${arm}`} steps={steps} />
            <AddStep list={`${at}.fork.${arm}`} count={steps.length} small />
          </div>
        </section>
      ))}
    </CardFrame>
  );
});
