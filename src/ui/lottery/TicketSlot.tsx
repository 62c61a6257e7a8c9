import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Row } from '../../spec/types';
import { useLook } from '../../store/study-look';
import { partsOf } from '../../studies';
import type { Study } from '../../studies/types';
import { factsOf, roundShown } from './facts';
import { Ticket } from './Ticket';
import { armName } from './words';

interface Props {
  study: Study;
  rows: readonly Row[];
}
/** Where the ticket of the round on screen is shown. */
export function TicketSlot({ study, rows }: Props) {
  const { t } = useTranslation('lottery');
  const facts = useMemo(() => factsOf(study, rows), [study, rows]);
  const parts = useMemo(() => partsOf(study), [study]);
  const { round, look } = useLook();
  return (
    <Ticket
      parts={parts}
      series={facts.series}
      round={roundShown(facts, round)}
      onRound={(r) => look({ round: r })}
      armName={(id) => armName(t, id)}
    />
  );
}
