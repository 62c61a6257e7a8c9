/** The first layer where everybody recognises it: kept weights by pixel of the image, or its filters. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { decimal, integer } from '../../i18n/format';
import type { Ticket, TicketFilters } from '../../worker/api-ticket';
import { Picture, Scale } from './Picture';
import { countDots, filterDots, filterTop, rangeOf } from './pictures';
import classes from './ticket.module.css';

interface Props {
  ticket: Ticket;
  /** Shows it larger. */
  onOpen?(): void;
}
export function TicketImage({ ticket, onOpen }: Props) {
  if (ticket.pixels) return <Pixels ticket={ticket} onOpen={onOpen} />;
  return ticket.filters ? (
    <Filters ticket={ticket} filters={ticket.filters} which="end" onOpen={onOpen} />
  ) : null;
}

function Pixels({ ticket, onOpen }: Props) {
  const { t } = useTranslation('ticket');
  const { pixels, input, layers } = ticket;
  const range = useMemo(() => rangeOf(pixels ? [pixels.counts] : []), [pixels]);
  const dots = useMemo(() => countDots(pixels?.counts ?? [], input[1], range), [pixels, input, range]);
  if (!pixels) return null;
  const layer = layers[0].name;
  const label = t('pixelsSaid', {
    layer,
    least: integer(range.least),
    most: integer(range.most),
    all: integer(pixels.most),
  });
  return (
    <figure className={classes.picture}>
      <Opens label={label} onOpen={onOpen}>
        <Picture dots={dots} label={label} />
      </Opens>
      <figcaption>{t('pixels', { layer })}</figcaption>
      <Scale from={integer(range.least)} to={integer(range.most)} label={t('scalePixel')} />
    </figure>
  );
}

interface FiltersProps extends Props {
  filters: TicketFilters;
  which: 'start' | 'end';
}
export function Filters({ ticket, filters, which, onOpen }: FiltersProps) {
  const { t } = useTranslation('ticket');
  const [layer] = ticket.layers;
  const top = useMemo(() => filterTop(filters, layer), [filters, layer]);
  const dots = useMemo(() => filterDots(filters, filters[which], layer, top), [filters, which, layer, top]);
  const label = t('filtersSaid', { n: integer(filters.count), size: integer(filters.size) });
  return (
    <figure className={classes.picture}>
      <Opens label={label} onOpen={onOpen}>
        <Picture dots={dots} label={label} />
      </Opens>
      <figcaption>
        {onOpen ? t('filters', { layer: layer.name }) : t(which === 'start' ? 'filtersStart' : 'filtersEnd')}
      </figcaption>
      <Scale from={`−${decimal(top, 2)}`} to={decimal(top, 2)} label={layer.name} signed />
    </figure>
  );
}

function Opens({ label, onOpen, children }: { label: string; onOpen?(): void; children: React.ReactNode }) {
  const { t } = useTranslation('ticket');
  if (!onOpen) return children;
  return (
    <button type="button" onClick={onOpen} aria-label={`${t('larger')}. ${label}`}>
      {children}
    </button>
  );
}
