import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Row } from '../../spec/types';
import { useLook } from '../../store/study-look';
import { partsOf } from '../../studies';
import type { Study } from '../../studies/types';
import { factsOf, roundShown } from './facts';
import { impossible } from './Notes';
import { Ticket } from './Ticket';
import { armName } from './words';

interface Props {
  study: Study;
  rows: readonly Row[];
}
/** The ticket of the round on screen; only of what this browser has trained, because only that can be looked into. */
export function TicketSlot({ study, rows }: Props) {
  const { t } = useTranslation('lottery');
  const { round, look } = useLook();
  const facts = useMemo(() => factsOf(study, rows), [study, rows]);
  const parts = useMemo(() => (impossible(study) ? [] : partsOf(study)), [study]);
  const sparse = facts.series.filter(({ points }) => points.some((p) => p.remaining < 1));
  if (sparse.length === 0) return null;
  return (
    <Ticket
      parts={parts}
      series={sparse}
      round={roundShown(facts, round)}
      onRound={(r) => look({ round: r })}
      armName={(id) => armName(t, id)}
    />
  );
}
