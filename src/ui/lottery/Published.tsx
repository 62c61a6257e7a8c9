/** Figures that were published for this network, and what this study gives in their place. */
import { useTranslation } from 'react-i18next';
import { decimal, integer, percent, times } from '../../i18n/format';
import { words } from '../../i18n/words';
import type { Citation } from '../../models/types';
import { SEEDS_FOR_SPEED } from '../../studies/findings';
import { type Compared, type Difference, type Figure, publishedAndHere } from '../../studies/published';
import type { ArmSeries, Study } from '../../studies/types';
import { shareText, signedPoints } from '../charts/numbers';
import classes from './lottery.module.css';
import own from './Published.module.css';

interface Props {
  study: Study;
  series: readonly ArmSeries[];
}
export function Published({ study, series }: Props) {
  const { t } = useTranslation(['lottery', 'studies']);
  const found = publishedAndHere(study, series);
  if (!found) return null;
  const { claims, paper, repeated, differences } = found;
  const title = t('published.title');
  return (
    <section className={`w-card ${classes.panel}`} aria-label={title}>
      <h2 className={classes.cardtitle}>{title}</h2>
      <table className={own.table}>
        <thead>
          <tr>
            <th scope="col">{t('published.paper')}</th>
            {repeated && <th scope="col">{t('published.other')}</th>}
            <th scope="col">{t('published.here')}</th>
          </tr>
        </thead>
        {claims.map((claim) => (
          <Line key={claim.id} claim={claim} hasRepeated={repeated !== undefined} />
        ))}
      </table>
      <div className={own.notes}>
        <Source citation={paper} />
        {repeated && <Source citation={repeated} />}
        {differences.length > 0 && (
          <details>
            <summary>{t('studies:otherwise')}</summary>
            <ul>
              {differences.map((difference) => (
                <Otherwise key={difference.code} {...difference} />
              ))}
            </ul>
          </details>
        )}
        <p>{t('published.note')}</p>
      </div>
    </section>
  );
}

function Line({ claim, hasRepeated }: { claim: Compared; hasRepeated: boolean }) {
  const { t } = useTranslation(['lottery', 'studies']);
  const { id, unit, remaining = 1, paper, repeated, here, missing } = claim;
  const seeds = { seeds: integer(SEEDS_FOR_SPEED) };
  const rangeOf = ({ min, max }: Figure, show: typeof quoted) =>
    min === undefined || max === undefined
      ? undefined
      : t('says.range', { min: show(unit, min), max: show(unit, max) });
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={hasRepeated ? 3 : 2}>
          {t(`studies:claim.${id}`, { share: shareText(remaining) })}
        </th>
      </tr>
      <tr>
        <td>{t(`studies:bound.${paper.bound ?? 'equal'}`, { value: quoted(unit, paper.value) })}</td>
        {hasRepeated && (
          <td title={repeated && rangeOf(repeated, quoted)}>
            {repeated ? quoted(unit, repeated.value) : t('published.missing')}
          </td>
        )}
        {here ? (
          <td className={own.here} title={here.seeds > 1 ? rangeOf(here, valueText) : t('tip.oneSeed')}>
            {valueText(unit, here.value)}
          </td>
        ) : (
          <td className={own.missing} title={t(`studies:why.${missing ?? 'size'}`, seeds)}>
            {t(`studies:missing.${missing ?? 'size'}`, seeds)}
          </td>
        )}
      </tr>
    </tbody>
  );
}
/** Differences in points with their sign, ratios, accuracies and shares. */
function valueText(unit: Compared['unit'], value: number, digits = unit === 'points' ? 2 : 1): string {
  if (unit === 'points') return signedPoints(value, digits);
  return unit === 'times' ? times(value) : percent(value, digits);
}
/** A source's number with its own digits: 0.003 is 0.3 points and not 0.30. */
function quoted(unit: Compared['unit'], value: number): string {
  const digits = [0, 1, 2].find((d) => Number((100 * value).toFixed(d)) === Number((100 * value).toFixed(6)));
  return valueText(unit, value, digits);
}

const Source = ({ citation: { text, url } }: { citation: Citation }) => (
  <div>
    {url ? (
      <a href={url} target="_blank" rel="noreferrer">
        {text}
      </a>
    ) : (
      text
    )}
  </div>
);

function Otherwise({ code, values }: Difference) {
  const { t } = useTranslation('studies');
  const said = Object.entries(values).map(([name, v]) => [
    name,
    typeof v === 'number' ? decimal(v, 6) : words.option(v),
  ]);
  return <li>{String(t(`differs.${code}`, Object.fromEntries(said) as never))}</li>;
}
