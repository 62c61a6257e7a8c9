/** Kind `tickets`: accuracy against weights remaining, how soon it learns, one round of all arms. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLook } from '../../store/study-look';
import { hashStudy } from '../../studies';
import { armCurves } from '../../studies/curves';
import { AccuracyChart } from './AccuracyChart';
import { atShown, factsOf, plannedSizes, roundShown } from './facts';
import classes from './lottery.module.css';
import type { PanelProps } from './panel';
import { RoundChart } from './RoundChart';
import { SoonChart } from './SoonChart';
import { useEmpty } from './useEmpty';

export function Tickets({ study, rows }: PanelProps) {
  const { t } = useTranslation('lottery');
  const facts = useMemo(() => factsOf(study, rows), [study, rows]);
  const { at: wanted, look, round: chosen } = useLook();
  const at = atShown(facts, wanted);
  const round = roundShown(facts, chosen);
  const curves = useMemo(
    () => (round === undefined ? [] : armCurves(facts.from, round, 'val.loss')),
    [facts, round],
  );
  const empty = useEmpty(t, study);
  const planned = useMemo(() => plannedSizes(study), [study]);
  const common = {
    planned,
    hash: hashStudy(study),
    round,
    empty,
    onRound: (r: number) => look({ round: r }),
  };
  return (
    <div className={classes.charts}>
      <div className={classes.big}>
        <AccuracyChart {...common} series={facts.series} at={at} onAt={(next) => look({ at: next })} />
      </div>
      <div className={classes.pair}>
        <SoonChart {...common} series={facts.series} />
        <RoundChart {...common} curves={curves} rounds={facts.rounds} />
      </div>
    </div>
  );
}
