/** One round, all arms: validation loss over the steps, and the slider that chooses the round. */
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { compact, decimal, integer } from '../../i18n/format';
import type { ArmCurve } from '../../studies/types';
import { ChartCard } from '../charts/ChartCard';
import { shareText } from '../charts/numbers';
import { logScale, niceTicks } from '../charts/scales';
import { Range } from '../controls/Range';
import { lookOf } from './arms';
import { type BandLine, BandPlot } from './BandPlot';
import { legendOf } from './legend';
import classes from './lottery.module.css';
import { curvesTable } from './tables';
import { armName, type Say } from './words';

interface Props {
  curves: readonly ArmCurve[];
  hash: string;
  /** Rounds that have curves, in order, and the one that is shown. */
  rounds: readonly { round: number; remaining: number }[];
  round: number | undefined;
  onRound(round: number): void;
  empty: string;
}
export function RoundChart({ curves, hash, rounds, round, onRound, empty }: Props) {
  const { t } = useTranslation('lottery');
  const shown = rounds.find((r) => r.round === round);
  const lines = useMemo(
    () =>
      curves.map(
        ({ arm, points }): BandLine => ({
          id: arm,
          ...lookOf(arm),
          // A logarithmic axis has no place for a loss of zero.
          points: points.filter((p) => p.min > 0).map(({ step, ...p }) => ({ x: step, ...p })),
        }),
      ),
    [curves],
  );
  const points = lines.flatMap((l) => l.points);
  const scale = useMemo(() => {
    const last = Math.max(1, ...points.map((p) => p.x));
    const losses = points.flatMap((p) => [p.min, p.max]);
    return {
      x: {
        to: (v: number) => v,
        domain: [0, last] as [number, number],
        ticks: niceTicks(0, last, 4).filter((v) => v <= last),
        stretched: false,
      },
      y: logScale(losses, Math.min(...losses, 1), Math.min(...losses, 1)),
    };
  }, [points]);
  const say = useCallback((x: number) => saidAt(t, lines, x), [t, lines]);
  const title = shown ? t('round.title', { round: integer(shown.round) }) : t('round.none');
  return (
    <ChartCard
      id="study-learning-curves"
      exp={hash}
      title={title}
      subtitle={t('round.subtitle', { share: shown ? shareText(shown.remaining) : '–' })}
      summary={[title, ...lines.map((l) => lowest(t, l))].join('. ')}
      table={() => curvesTable(t, curves)}
      legend={legendOf(t, lines)}
      empty={points.length === 0 ? empty : undefined}
      note={rounds.length > 1 && <Rounds rounds={rounds} round={round} onRound={onRound} />}
    >
      <BandPlot
        lines={lines}
        x={{ scale: scale.x, tick: compact }}
        y={{ scale: scale.y, tick: (v) => decimal(v, 3) }}
        xLabel={t('round.axis')}
        dots={false}
        say={say}
      />
    </ChartCard>
  );
}
/** Chooses one of the rounds. */
export function Rounds({ rounds, round, onRound }: Pick<Props, 'rounds' | 'round' | 'onRound'>) {
  const { t } = useTranslation('lottery');
  const index = Math.max(
    0,
    rounds.findIndex((r) => r.round === round),
  );
  const { remaining } = rounds[index];
  return (
    <div className={classes.rounds}>
      <span aria-hidden>{t('round.slider')}</span>
      <Range
        name={t('round.slider')}
        track={{ min: 0, max: rounds.length - 1, step: 1 }}
        value={index}
        valueText={t('tip.round', { round: integer(rounds[index].round), share: shareText(remaining) })}
        onChange={(i) => rounds[i] && onRound(rounds[i].round)}
      />
      <b aria-hidden>{integer(rounds[index].round)}</b>
    </div>
  );
}

function saidAt(t: Say, lines: readonly BandLine[], x: number): string[] | undefined {
  const said = lines.flatMap((l) => {
    const p = l.points.find((q) => q.x === x);
    if (!p) return [];
    const band = p.max > p.min ? ` (${decimal(p.min, 3)}–${decimal(p.max, 3)})` : '';
    return [`${armName(t, l.id)}: ${decimal(p.mean, 4)}${band}`];
  });
  return said.length > 0 ? [t('round.step', { step: integer(x) }), ...said] : undefined;
}
function lowest(t: Say, line: BandLine): string {
  if (line.points.length === 0) return armName(t, line.id);
  const low = line.points.reduce((a, b) => (b.mean < a.mean ? b : a));
  return t('round.said', { arm: armName(t, line.id), loss: decimal(low.mean, 3), step: integer(low.x) });
}
