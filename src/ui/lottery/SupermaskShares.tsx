/** How much of each layer a learned mask keeps, and how masks drawn from its probabilities do. */
import { Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { densities } from '../../studies/series';
import { toCsv } from '../charts/csv';
import { shareText } from '../charts/numbers';
import { fileName, save } from '../charts/save';
import type { Facts } from './facts';
import classes from './lottery.module.css';
import type { Drawn } from './supermask-facts';
import { sharesTable } from './supermask-tables';
import { accuracy, armName, spreadText } from './words';

interface Props {
  facts: Facts;
  drawn: ReadonlyMap<string, Drawn>;
  hash: string;
  empty: string;
}
export function SupermaskShares({ facts, drawn, hash, empty }: Props) {
  const { t } = useTranslation('supermasks');
  const { t: words } = useTranslation('lottery');
  const masks = facts.series
    .filter(({ id }) => id !== 'dense')
    .map(({ id, points }) => ({ id, remaining: points[0].remaining, ...densities(facts.from, id) }));
  const layers = masks.find((m) => m.layers.length > 0)?.layers ?? [];
  const columns = [...layers, t('shares.all')];
  const savesCsv = () =>
    save(
      fileName('study-mask-shares', hash, 'csv'),
      toCsv(sharesTable(words, t, masks, layers, drawn)),
      'text/csv;charset=utf-8',
    );
  return (
    <section className={`w-card ${classes.panel}`} aria-label={t('shares.title')}>
      <h2 className={classes.cardtitle}>{t('shares.title')}</h2>
      <p className={classes.muted}>{t('shares.subtitle')}</p>
      {masks.length === 0 ? (
        <p className={classes.muted}>{empty}</p>
      ) : (
        <>
          <div className={classes.scroll}>
            <Table fz="xs" verticalSpacing={3} horizontalSpacing={4}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">{words('column.arm')}</Table.Th>
                  {columns.map((name) => (
                    <Table.Th key={name} scope="col" ta="right">
                      {name}
                    </Table.Th>
                  ))}
                  <Table.Th scope="col" ta="right">
                    {t('shares.likely')}
                  </Table.Th>
                  <Table.Th scope="col" ta="right">
                    {t('shares.sampled')}
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {masks.map(({ id, remaining, rounds }) => (
                  <Table.Tr key={id}>
                    <Table.Th scope="row" fw={500}>
                      {armName(words, id)}
                    </Table.Th>
                    {[...layers.map((_, l) => rounds[0]?.density[l]), remaining].map((share, i) => (
                      <Share key={columns[i]} share={share} />
                    ))}
                    {(['likely', 'sampled'] as const).map((what) => {
                      const band = drawn.get(id)?.[what];
                      return (
                        <Table.Td key={what} ta="right" title={band && spreadText(words, band, accuracy)}>
                          {band ? accuracy(band.mean) : '–'}
                        </Table.Td>
                      );
                    })}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </div>
          <div className={classes.foot}>
            <span className={classes.muted}>{drawn.size > 0 && t('shares.drawn')}</span>
            <button
              type="button"
              className={classes.link}
              style={{ whiteSpace: 'nowrap' }}
              onClick={savesCsv}
            >
              {t('shares.csv')}
            </button>
          </div>
        </>
      )}
    </section>
  );
}

/** A share as a number on a shade: darker where more is kept. */
function Share({ share }: { share: number | undefined }) {
  const known = share !== undefined && !Number.isNaN(share);
  const shade = known ? Math.round(8 + 42 * share) : 0;
  return (
    <Table.Td ta="right" bg={known ? `color-mix(in srgb, var(--w-blue) ${shade}%, transparent)` : undefined}>
      {known ? shareText(share) : '–'}
    </Table.Td>
  );
}
