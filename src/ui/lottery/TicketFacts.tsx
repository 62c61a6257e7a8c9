/** A ticket in four figures, each with what it counts. */
import { Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { decimal, integer } from '../../i18n/format';
import type { Ticket } from '../../worker/api-ticket';
import { shareText } from '../charts/numbers';
import { unitsOf } from './ticket';
import classes from './ticket.module.css';

export type Say = ReturnType<typeof useTranslation<'ticket'>>['t'];

export function TicketFacts({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('ticket');
  const { signs, startRatio, paths, input } = ticket;
  const units = unitsOf(ticket);
  const pixels = input[0] * input[1];
  const counts = (some: number, all: number) => ({ some: integer(some), all: integer(all) });
  return (
    <dl className={classes.facts}>
      <Fact
        name={t('signs')}
        hint={t('signsHint', { same: integer(signs.same), of: integer(signs.of) })}
        value={signs.of > 0 ? shareText(signs.same / signs.of) : '–'}
      />
      <Fact
        name={t('ratio')}
        hint={t('ratioHint')}
        value={
          Number.isFinite(startRatio)
            ? t('ratioValue', { ratio: `${decimal(startRatio, 2)}×` })
            : t('ratioNone')
        }
      />
      {units.all > 0 && (
        <Fact
          name={t('dead')}
          hint={t('deadHint', { dead: integer(units.dead), all: integer(units.all) })}
          value={t('of', counts(units.dead, units.all))}
        />
      )}
      {paths && (
        <Fact
          name={t('cut')}
          hint={t('cutHint', { cut: integer(paths.cutOff), all: integer(pixels) })}
          value={t('of', counts(paths.cutOff, pixels))}
        />
      )}
    </dl>
  );
}
function Fact({ name, hint, value }: { name: string; hint: string; value: string }) {
  return (
    <Tooltip label={hint} multiline maw={280}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: its explanation must be reachable by keyboard. */}
      <div tabIndex={0}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    </Tooltip>
  );
}
