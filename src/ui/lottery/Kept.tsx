/** Kept per layer: one strip a layer, one cell a round, darker where more is kept. */
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { integer } from '../../i18n/format';
import type { Densities } from '../../studies/types';
import { toCsv } from '../charts/csv';
import { shareText } from '../charts/numbers';
import { fileName, save } from '../charts/save';
import { TableModal } from '../charts/TableModal';
import classes from './lottery.module.css';
import { densityTable } from './tables';

interface Props {
  densities: Densities;
  hash: string;
  round: number | undefined;
  onRound(round: number): void;
}
/** Layers beyond this many are in the table only. */
const MOST = 12;
/** Shades by the logarithm: from everything down to a hundredth. */
const shade = (density: number): number =>
  Math.max(0.06, Math.min(1, 1 + Math.log10(Math.max(density, 1e-4)) / 2.2));

export function Kept({ densities, hash, round, onRound }: Props) {
  const { t } = useTranslation('lottery');
  const [opened, { open, close }] = useDisclosure(false);
  const { layers, rounds } = densities;
  if (rounds.every(({ density }) => density.every((d) => d === 1))) return null;
  const name = t('kept.title');
  const shown = layers.slice(0, MOST);
  const [first, last] = [rounds[0], rounds[rounds.length - 1]];
  return (
    <section className={`w-card ${classes.panel}`} aria-label={name}>
      <h2 className={classes.cardtitle}>{name}</h2>
      <div className={classes.strips}>
        {shown.map((layer, l) => (
          <Strip key={layer} layer={layer} index={l} densities={densities} round={round} onRound={onRound} />
        ))}
      </div>
      <div className={classes.ends}>
        <span>{t('kept.round', { round: integer(first.round) })}</span>
        {last !== first && <span>{t('kept.round', { round: integer(last.round) })}</span>}
      </div>
      <div className={classes.foot}>
        <span className={classes.muted}>
          {t('kept.now', {
            round: integer((rounds.find((r) => r.round === round) ?? last).round),
            layers: shown
              .map(
                (layer, l) =>
                  `${layer} ${shareText((rounds.find((r) => r.round === round) ?? last).density[l])}`,
              )
              .join(' · '),
          })}
        </span>
        <button type="button" className={classes.link} onClick={open}>
          {t('kept.table')}
        </button>
      </div>
      {opened && (
        <TableModal
          onClose={close}
          title={name}
          table={densityTable(t, densities)}
          saveCsv={() =>
            save(
              fileName('study-density', hash, 'csv'),
              toCsv(densityTable(t, densities)),
              'text/csv;charset=utf-8',
            )
          }
        />
      )}
    </section>
  );
}
interface StripProps extends Omit<Props, 'hash'> {
  layer: string;
  index: number;
}
function Strip({ layer, index, densities, round, onRound }: StripProps) {
  const { rounds } = densities;
  return (
    <>
      <span className={classes.layer}>{layer}</span>
      {/* The table has the numbers and the slider of rounds the keyboard's way. */}
      <div className={classes.strip} aria-hidden>
        {rounds.map((r) => (
          // biome-ignore lint/a11y/noStaticElementInteractions: the slider of rounds does the same.
          // biome-ignore lint/a11y/useKeyWithClickEvents: the same.
          <span
            key={r.round}
            title={`${layer}: ${shareText(r.density[index])}`}
            data-now={r.round === round || undefined}
            style={{ opacity: shade(r.density[index]) }}
            onClick={() => onRound(r.round)}
          />
        ))}
      </div>
    </>
  );
}
