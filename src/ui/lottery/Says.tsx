/** The right column: what a study says so far, published and here, kept per layer, the ticket. */
import { Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLook } from '../../store/study-look';
import { hashStudy } from '../../studies';
import { Findings } from './Findings';
import { factsOf, roundShown } from './facts';
import { Kept } from './Kept';
import { Published } from './Published';
import type { PanelProps } from './panel';
import { says } from './panels';

export function Says(props: PanelProps) {
  const { kind } = props.study;
  const Own = Object.hasOwn(says, kind) ? says[kind] : undefined;
  if (!Own) return <SaysOfArms {...props} />;
  return (
    <Suspense>
      <Own {...props} />
    </Suspense>
  );
}
function SaysOfArms({ study, rows, mark }: PanelProps) {
  const { t } = useTranslation('lottery');
  const facts = useMemo(() => factsOf(study, rows), [study, rows]);
  const { round, look } = useLook();
  return (
    <>
      <Findings findings={facts.findings} series={facts.series} mark={mark} waiting={t('says.waiting')} />
      <Published study={study} series={facts.series} />
      <Kept
        densities={facts.densities}
        hash={hashStudy(study)}
        round={roundShown(facts, round)}
        onRound={(r) => look({ round: r })}
      />
    </>
  );
}
