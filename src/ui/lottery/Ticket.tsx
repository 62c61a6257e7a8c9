/** The ticket of a round: what was kept, on the image, in a few figures; and what to do with it. */
import { ActionIcon, Button, NativeSelect, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowsMaximize } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { integer } from '../../i18n/format';
import { sayProblem } from '../../i18n/problem';
import type { ArmSeries, StudyPart } from '../../studies/types';
import { shareText } from '../charts/numbers';
import { TicketActions } from './TicketActions';
import { TicketDialog } from './TicketDialog';
import { type Say, TicketFacts } from './TicketFacts';
import { TicketImage } from './TicketImage';
import { type Choice, type Chosen, choose, refOf } from './ticket';
import classes from './ticket.module.css';
import { useTicket } from './useTicket';

/** `ticket.ts` knows what is meant; the page says which round is looked at. */
interface Props {
  parts: readonly StudyPart[];
  /** Finished points of the study. */
  series: readonly ArmSeries[];
  /** Looked at; undefined for the last one. */
  round: number | undefined;
  onRound(round: number): void;
  armName(id: string): string;
}
export function Ticket({ parts, series, round, onRound, armName }: Props) {
  const { t } = useTranslation('ticket');
  const [choice, setChoice] = useState<Choice>({});
  const [large, { open, close }] = useDisclosure(false);
  const chosen = choose(series, round, choice);
  const { experiment, at, replicate } = (chosen && refOf(chosen, parts)) ?? {};
  const ref = useMemo(
    () =>
      experiment && at !== undefined && replicate !== undefined ? { experiment, at, replicate } : undefined,
    [experiment, at, replicate],
  );
  const view = useTicket(ref);
  const { ticket, status } = view;
  return (
    <section className={`w-card ${classes.card}`} aria-label={t('title')} data-ticket={status}>
      <div className={classes.head}>
        <div>
          <h2 className={classes.title}>{t('title')}</h2>
          {chosen && <p className={classes.subtitle}>{placeText(t, chosen)}</p>}
        </div>
        {ticket && (
          <Tooltip label={t('larger')}>
            <ActionIcon aria-label={t('larger')} onClick={open}>
              <IconArrowsMaximize size={16} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      {chosen && ref ? (
        <Choose {...{ chosen, series, armName, onRound }} onChoice={(c) => setChoice({ ...choice, ...c })} />
      ) : (
        <p className={classes.empty}>{t('empty')}</p>
      )}
      {ref && status === 'loading' && !ticket && (
        <p className={classes.empty} role="status">
          {t('loading')}
        </p>
      )}
      {ref && status === 'none' && <p className={classes.empty}>{t('none')}</p>}
      {status === 'failed' && view.problem && (
        <p className={classes.empty} role="alert">
          {t('failed', { reason: sayProblem(view.problem) })}{' '}
          <Button size="compact-xs" variant="default" onClick={view.again}>
            {t('again')}
          </Button>
        </p>
      )}
      {chosen && ref && ticket && (
        <div className={classes.shown} data-stale={status === 'loading' || undefined}>
          <div className={classes.look} data-alone={!ticket.pixels || undefined}>
            <TicketImage ticket={ticket} onOpen={open} />
            <TicketFacts ticket={ticket} />
          </div>
          <TicketActions origin={ref} chosen={chosen} />
        </div>
      )}
      {large && chosen && ref && ticket && (
        <TicketDialog
          {...{ ticket, chosen }}
          origin={ref}
          place={`${armName(chosen.arm.id)} · ${placeText(t, chosen)} · ${t('seed')} ${chosen.replicate + 1}`}
          onClose={close}
        />
      )}
    </section>
  );
}
const placeText = (t: Say, { point }: Chosen): string =>
  point.round === 0
    ? t('dense')
    : t('subtitle', { round: integer(point.round), share: shareText(point.remaining) });

interface ChooseProps extends Pick<Props, 'series' | 'armName' | 'onRound'> {
  chosen: Chosen;
  onChoice(choice: Choice): void;
}
function Choose({ chosen, series, armName, onRound, onChoice }: ChooseProps) {
  const { t } = useTranslation('ticket');
  return (
    <div className={classes.choose}>
      <NativeSelect
        size="xs"
        label={t('arm')}
        value={chosen.arm.id}
        data={series.map(({ id }) => ({ value: id, label: armName(id) }))}
        onChange={(e) => onChoice({ arm: e.currentTarget.value })}
      />
      <NativeSelect
        size="xs"
        label={t('round')}
        value={String(chosen.point.round)}
        data={chosen.arm.points.map((p) => ({
          value: String(p.round),
          label: t('roundOption', { round: integer(p.round), share: shareText(p.remaining) }),
        }))}
        onChange={(e) => onRound(Number(e.currentTarget.value))}
      />
      <NativeSelect
        size="xs"
        label={t('seed')}
        value={String(chosen.replicate)}
        data={chosen.replicates.map((r) => ({ value: String(r), label: integer(r + 1) }))}
        onChange={(e) => onChoice({ replicate: Number(e.currentTarget.value) })}
      />
    </div>
  );
}
