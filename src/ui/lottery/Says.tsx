/** The right column: what a study says so far, published and here, kept per layer, the ticket. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Row } from '../../spec/types';
import { useLook } from '../../store/study-look';
import { hashStudy } from '../../studies';
import type { Study } from '../../studies/types';
import { Findings } from './Findings';
import { factsOf, roundShown } from './facts';
import { Kept } from './Kept';
import { Published } from './Published';

interface Props {
  study: Study;
  rows: readonly Row[];
  mark?: string;
}
export function Says({ study, rows, mark }: Props) {
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
