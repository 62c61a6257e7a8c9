/** Which pixels each class can still be reached from, one picture per class, all on one scale. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { datasetOf } from '../../catalog';
import { compact, integer } from '../../i18n/format';
import type { Ticket, TicketPaths } from '../../worker/api-ticket';
import { Picture, Scale } from './Picture';
import { countDots, rangeOf } from './pictures';
import classes from './ticket.module.css';

export function TicketClasses({ ticket, paths, data }: { ticket: Ticket; paths: TicketPaths; data: string }) {
  const { t } = useTranslation('ticket');
  const names = datasetOf(data)?.classes;
  const range = useMemo(() => rangeOf(paths.classes.map(({ counts }) => counts)), [paths]);
  const pictures = useMemo(
    () =>
      paths.classes.map(({ counts }, c) => ({
        name: names?.[c] ?? String(c),
        dots: countDots(counts, ticket.input[1], range),
        sum: counts.reduce((a, b) => a + b, 0),
        most: rangeOf([counts]).most,
      })),
    [paths, names, ticket, range],
  );
  if (range.most === 0) return <p className={classes.empty}>{t('noPaths')}</p>;
  return (
    <div>
      <ul className={classes.classes}>
        {pictures.map((p) => (
          <li key={p.name}>
            <Picture
              dots={p.dots}
              label={t('classSaid', { name: p.name, sum: integer(p.sum), most: integer(p.most) })}
            />
            <span>
              <b>{p.name}</b>
              <em>{compact(p.sum)}</em>
            </span>
          </li>
        ))}
      </ul>
      <Scale from={integer(range.least)} to={integer(range.most)} label={t('scalePaths')} />
    </div>
  );
}
