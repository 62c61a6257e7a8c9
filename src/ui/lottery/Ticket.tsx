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
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is chosen is new each time and says the same.
  const wish = useMemo(
    () =>
      chosen && experiment && at !== undefined && replicate !== undefined
        ? { chosen, ref: { experiment, at, replicate } }
        : undefined,
    [experiment, at, replicate],
  );
  const { status, shown, problem, again } = useTicket(wish);
  return (
    <section className={`w-card ${classes.card}`} aria-label={t('title')} data-ticket={status}>
      <div className={classes.head}>
        <div>
          <h2 className={classes.title}>{t('title')}</h2>
          {chosen && <p className={classes.subtitle}>{placeText(t, chosen)}</p>}
        </div>
        {shown && (
          <Tooltip label={t('larger')}>
            <ActionIcon aria-label={t('larger')} onClick={open}>
              <IconArrowsMaximize size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      {wish && chosen ? (
        <Choose {...{ chosen, series, armName, onRound }} onChoice={(c) => setChoice({ ...choice, ...c })} />
      ) : (
        <p className={classes.empty}>{t('empty')}</p>
      )}
      {wish && status === 'loading' && !shown && (
        <p className={classes.empty} role="status">
          {t('loading')}
        </p>
      )}
      {wish && status === 'none' && <p className={classes.empty}>{t('none')}</p>}
      {status === 'failed' && problem && (
        <p className={classes.empty} role="alert">
          {t('failed', { reason: sayProblem(problem) })}{' '}
          <Button size="compact-xs" variant="default" onClick={again}>
            {t('again')}
          </Button>
        </p>
      )}
      {wish && shown && (
        <div className={classes.shown} data-stale={status === 'loading' || undefined}>
          <div className={classes.look} data-alone={!shown.ticket.pixels || undefined}>
            <TicketImage ticket={shown.ticket} onOpen={open} />
            <TicketFacts ticket={shown.ticket} />
          </div>
          <TicketActions origin={wish.ref} chosen={wish.chosen} />
        </div>
      )}
      {large && shown && (
        <TicketDialog
          ticket={shown.ticket}
          chosen={shown.wish.chosen}
          origin={shown.wish.ref}
          place={[
            armName(shown.wish.chosen.arm.id),
            placeText(t, shown.wish.chosen),
            `${t('seed')} ${shown.wish.chosen.replicate + 1}`,
          ].join(' · ')}
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
