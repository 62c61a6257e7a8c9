/** Everything about a ticket, large enough to be shown to a room. Open while it is rendered. */
import { Group, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { integer } from '../../i18n/format';
import type { Ticket, TicketRef } from '../../worker/api-ticket';
import { TicketActions } from './TicketActions';
import { TicketClasses } from './TicketClasses';
import { TicketFacts } from './TicketFacts';
import { Filters, TicketImage } from './TicketImage';
import { TicketLayers } from './TicketLayers';
import { TicketMasks } from './TicketMasks';
import { TicketWeights } from './TicketWeights';
import type { Chosen } from './ticket';
import classes from './ticket.module.css';

interface Props {
  ticket: Ticket;
  origin: TicketRef;
  chosen: Chosen;
  /** Which one, in words. */
  place: string;
  onClose(): void;
}
export function TicketDialog({ ticket, origin, chosen, place, onClose }: Props) {
  const { t } = useTranslation('ticket');
  const { filters } = ticket;
  return (
    <Modal.Root opened onClose={onClose} size={1180} padding="lg">
      <Modal.Overlay />
      <Modal.Content>
        {/* Not Modal.Header: its <header> would be a second banner of the page. */}
        <Group justify="space-between" px="lg" pt="md" pb={4} wrap="nowrap">
          <div>
            <Modal.Title fw={650} fz="lg">
              {t('title')}
            </Modal.Title>
            <p className={classes.subtitle}>
              {place} · {t('of', { some: integer(ticket.kept), all: integer(ticket.weights) })}
            </p>
          </div>
          <Modal.CloseButton aria-label={t('close')} />
        </Group>
        <Modal.Body>
          <div className={classes.large}>
            <TicketFacts ticket={ticket} />
            <TicketActions origin={origin} chosen={chosen} />
            <section className={classes.section}>
              <h3>{t(ticket.paths ? 'section.classes' : 'section.image')}</h3>
              <p className={classes.text}>
                {ticket.paths
                  ? t('classesText', { most: integer(ticket.paths.classes[0].most) })
                  : t('classesNone')}
              </p>
              <div className={classes.image}>
                <TicketImage ticket={ticket} />
                {ticket.paths && (
                  <TicketClasses ticket={ticket} paths={ticket.paths} data={origin.experiment.data} />
                )}
                {filters && <Filters ticket={ticket} filters={filters} which="start" />}
              </div>
            </section>
            <TicketMasks ticket={ticket} />
            <TicketWeights ticket={ticket} origin={origin} />
            <TicketLayers ticket={ticket} origin={origin} />
          </div>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
