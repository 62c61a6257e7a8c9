/** Which pixels each class can still be reached from, one picture per class, all on one scale. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { datasetOf } from '../../catalog';
import { compact, integer } from '../../i18n/format';
import type { Ticket, TicketPaths } from '../../worker/api-ticket';
import { Picture, Scale } from './Picture';
import { countDots } from './pictures';
import classes from './ticket.module.css';

const most = (counts: Float64Array) => counts.reduce((a, b) => Math.max(a, b), 0);

export function TicketClasses({ ticket, paths, data }: { ticket: Ticket; paths: TicketPaths; data: string }) {
  const { t } = useTranslation('ticket');
  const names = datasetOf(data)?.classes;
  const top = useMemo(() => Math.max(...paths.classes.map(({ counts }) => most(counts))), [paths]);
  const pictures = useMemo(
    () =>
      paths.classes.map(({ counts }, c) => ({
        name: names?.[c] ?? String(c),
        dots: countDots(counts, ticket.input[1], top),
        sum: counts.reduce((a, b) => a + b, 0),
        most: most(counts),
      })),
    [paths, names, ticket, top],
  );
  if (top === 0) return <p className={classes.empty}>{t('noPaths')}</p>;
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
      <Scale from="0" to={integer(top)} label={t('scalePaths')} />
    </div>
  );
}
