/** Kind `rates`: the same chart for every learning rate and optimizer, side by side on the same axes. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLook } from '../../store/study-look';
import { hashStudy } from '../../studies';
import type { ArmSeries } from '../../studies/types';
import { AccuracyChart, AtSwitch } from './AccuracyChart';
import { atShown, factsOf, plannedSizes, roundShown } from './facts';
import classes from './lottery.module.css';
import type { PanelProps } from './panel';
import { SoonChart } from './SoonChart';
import { useEmpty } from './useEmpty';
import { partName } from './words';

export function Rates({ study, rows }: PanelProps) {
  const { t } = useTranslation('lottery');
  const facts = useMemo(() => factsOf(study, rows), [study, rows]);
  const parts = useMemo(() => byPart(facts.series), [facts]);
  const { at: wanted, look, round: chosen } = useLook();
  const at = atShown(facts, wanted);
  const round = roundShown(facts, chosen);
  const empty = useEmpty(t, study);
  const planned = useMemo(() => plannedSizes(study), [study]);
  const common = {
    planned,
    hash: hashStudy(study),
    round,
    empty,
    onRound: (r: number) => look({ round: r }),
  };
  if (parts.size === 0) {
    return (
      <div className={classes.big}>
        <AccuracyChart {...common} series={[]} at={at} />
      </div>
    );
  }
  return (
    <div className={classes.charts}>
      <div className={classes.toolbar}>
        <h3 className={classes.mark}>{t(`accuracy.${at}`)}</h3>
        <AtSwitch series={facts.series} at={at} onAt={(next) => look({ at: next })} />
      </div>
      <div className={classes.multiples}>
        {[...parts].map(([part, series]) => (
          <AccuracyChart
            key={part}
            {...common}
            part={part}
            series={series}
            extent={facts.series}
            title={partName(t, part)}
            at={at}
          />
        ))}
      </div>
      <div className={classes.multiples}>
        {[...parts].map(([part, series]) => (
          <SoonChart
            key={part}
            {...common}
            part={part}
            series={series}
            extent={facts.series}
            title={`${t('soon.title')}: ${partName(t, part)}`}
          />
        ))}
      </div>
    </div>
  );
}
/** Arms are called `part/arm` where a study has several parts of the same arms. */
function byPart(series: readonly ArmSeries[]): Map<string, ArmSeries[]> {
  const parts = new Map<string, ArmSeries[]>();
  for (const s of series) {
    const part = s.id.slice(0, Math.max(0, s.id.lastIndexOf('/')));
    parts.set(part, [...(parts.get(part) ?? []), s]);
  }
  return parts;
}
