/** The mask of every layer as it is: a dot per weight, or per block of weights where they are too many. */
import { useElementSize } from '@mantine/hooks';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { integer } from '../../i18n/format';
import type { Ticket, TicketLayer } from '../../worker/api-ticket';
import { shareText } from '../charts/numbers';
import { Picture } from './Picture';
import { maskDots } from './pictures';
import classes from './ticket.module.css';

/** Dots side by side, whatever room there is. */
const MOST = 1024;
/** Small layers are drawn larger, as far as this many pixels. */
const WIDE = 320;

export function TicketMasks({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation('ticket');
  const { ref, width } = useElementSize();
  return (
    <section className={classes.section} ref={ref}>
      <h3>{t('section.masks')}</h3>
      <p className={classes.text}>{t('masksText')}</p>
      <div className={classes.masks}>
        {width > 0 &&
          ticket.layers.map((layer) => <Mask key={layer.name} layer={layer} room={Math.floor(width)} />)}
      </div>
    </section>
  );
}

function Mask({ layer, room }: { layer: TicketLayer; room: number }) {
  const { t } = useTranslation('ticket');
  const dots = useMemo(() => maskDots(layer, Math.min(MOST, room)), [layer, room]);
  const all = layer.rows * layer.columns;
  const label = t('maskSaid', {
    layer: layer.name,
    rows: integer(layer.rows),
    columns: integer(layer.columns),
    kept: integer(layer.kept),
    all: integer(all),
    share: shareText(layer.kept / all),
  });
  const zoom = Math.max(1, Math.min(6, Math.floor(Math.min(WIDE, room) / dots.width)));
  return (
    <figure className={classes.picture}>
      <Picture dots={dots} label={label} zoom={zoom} />
      <figcaption aria-hidden="true">{label}</figcaption>
      {dots.block > 1 && <figcaption>{t('masksShrunk', { n: integer(dots.block) })}</figcaption>}
    </figure>
  );
}
