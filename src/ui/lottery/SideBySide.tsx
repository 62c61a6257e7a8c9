/** All small charts at one size, as numbers: what is best is read off and not guessed from heights. */
import { useTranslation } from 'react-i18next';
import { integer, percent } from '../../i18n/format';
import { shareText } from '../charts/numbers';
import { type At, bandAt, kindsOf, type LineKind, LOOKS, type Small } from './deconstruct';
import classes from './deconstruct.module.css';
import { lineName, smallName } from './deconstruct-words';
import { Rounds } from './RoundChart';

interface Props {
  kind: 'criteria' | 'signs' | 'mask-zero';
  smalls: readonly Small[];
  at: At;
  rounds: readonly { round: number; remaining: number }[];
  round: number | undefined;
  onRound(round: number): void;
}
export function SideBySide({ kind, smalls, at, rounds, round, onRound }: Props) {
  const { t } = useTranslation('deconstruct');
  const pruned = rounds.filter((r) => r.round > 0);
  const now = pruned.find((r) => r.round === round) ?? pruned[pruned.length - 1];
  if (!now) return null;
  const title = t('round.title', { share: shareText(now.remaining) });
  const kinds = kindsOf(smalls);
  return (
    <section className={`w-card ${classes.side}`} aria-label={title}>
      <h3 className={classes.heading}>{title}</h3>
      <p className={classes.note}>{t('round.subtitle', { round: integer(now.round) })}</p>
      {pruned.length > 1 && <Rounds rounds={pruned} round={now.round} onRound={onRound} />}
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t(`${kind}.column`)}</th>
              {kinds.map((line) => (
                <th key={line} scope="col">
                  {lineName(line)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {smalls.map((small) => (
              <tr key={small.id}>
                <th scope="row">{smallName(kind, small.id)}</th>
                {kinds.map((line) => (
                  <Cell key={line} {...{ smalls, small, line, at }} round={now.round} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface CellProps {
  smalls: readonly Small[];
  small: Small;
  line: LineKind;
  at: At;
  round: number;
}
function Cell({ smalls, small, line, at, round }: CellProps) {
  const { t } = useTranslation('deconstruct');
  const band = measuredAt(small, line, at, round);
  if (!band) return <td className={classes.none}>–</td>;
  const column = smalls.flatMap((s) => measuredAt(s, line, at, round)?.mean ?? []);
  const [low, high] = [Math.min(...column), Math.max(...column)];
  const tint = high > low ? Math.round(((band.mean - low) / (high - low)) * 34) : 0;
  return (
    <td
      style={{ background: `color-mix(in srgb, ${LOOKS[line].color} ${tint}%, transparent)` }}
      data-best={(high > low && band.mean === high) || undefined}
    >
      {percent(band.mean, 2)}
      {band.each.size > 1 && (
        <small> ({t('round.spread', { min: percent(band.min, 1), max: percent(band.max, 1) })})</small>
      )}
    </td>
  );
}
function measuredAt(small: Small, kind: LineKind, at: At, round: number) {
  const line = small.lines.find((l) => l.kind === kind);
  const point = line?.points.find((p) => p.round === round);
  return line && point && bandAt(line, point, at);
}
