/** Kind `supermasks`: how far masks alone get, their learning curves, and how much of each layer they keep. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { compact, decimal, integer, percent } from '../../i18n/format';
import { hashStudy } from '../../studies';
import { armCurves } from '../../studies/curves';
import type { ArmCurve } from '../../studies/types';
import { ChartCard } from '../charts/ChartCard';
import { accuracyScale, niceTicks, tickDecimals } from '../charts/scales';
import { lookOf } from './arms';
import { type BandLine, BandPlot } from './BandPlot';
import { factsOf } from './facts';
import { legendOf } from './legend';
import classes from './lottery.module.css';
import type { PanelProps } from './panel';
import { SupermaskBars } from './SupermaskBars';
import { SupermaskShares } from './SupermaskShares';
import { drawnMasks, epochsOf, PAPER_EPOCHS, publishedAt } from './supermask-facts';
import { accuracyCurvesTable } from './supermask-tables';
import { useEmpty } from './useEmpty';
import { accuracy, armName } from './words';

export function Supermasks({ study, rows }: PanelProps) {
  const { t } = useTranslation('supermasks');
  const { t: words } = useTranslation('lottery');
  const facts = useMemo(() => factsOf(study, rows), [study, rows]);
  const curves = useMemo(() => armCurves(facts.from, 0, 'val.accuracy'), [facts]);
  const drawn = useMemo(() => drawnMasks(study, rows), [study, rows]);
  const published = useMemo(() => publishedAt(study, facts.series), [study, facts]);
  const hash = hashStudy(study);
  const empty = useEmpty(words, study);
  const epochs = epochsOf(study);
  return (
    <div className={classes.charts}>
      <div className={classes.big}>
        <SupermaskBars
          series={facts.series}
          published={published}
          hash={hash}
          empty={empty}
          note={
            epochs !== undefined &&
            epochs < PAPER_EPOCHS && (
              <p className={classes.muted}>
                {t('bars.epochs', {
                  ours: decimal(epochs, epochs < 10 ? 1 : 0),
                  paper: integer(PAPER_EPOCHS),
                })}
              </p>
            )
          }
        />
      </div>
      <div className={classes.pair}>
        <Curves curves={curves} hash={hash} empty={empty} />
        <SupermaskShares facts={facts} drawn={drawn} hash={hash} empty={empty} />
      </div>
    </div>
  );
}

interface CurvesProps {
  curves: readonly ArmCurve[];
  hash: string;
  empty: string;
}
/** Validation accuracy over the steps. */
function Curves({ curves, hash, empty }: CurvesProps) {
  const { t } = useTranslation('supermasks');
  const { t: words } = useTranslation('lottery');
  const lines = useMemo(
    () =>
      curves.map(
        ({ arm, points }): BandLine => ({
          id: arm,
          ...lookOf(arm),
          points: points.map(({ step, ...p }) => ({ x: step, ...p })),
        }),
      ),
    [curves],
  );
  const scale = useMemo(() => scalesOf(lines), [lines]);
  const title = t('curves.title');
  return (
    <ChartCard
      id="study-mask-curves"
      exp={hash}
      title={title}
      subtitle={t('curves.subtitle')}
      summary={[title, ...lines.map((l) => lastOf(l, armName(words, l.id)))].join('. ')}
      table={() => accuracyCurvesTable(words, curves)}
      legend={legendOf(words, lines)}
      empty={lines.length === 0 ? empty : undefined}
    >
      <BandPlot
        lines={lines}
        x={{ scale: scale.x, tick: compact }}
        y={{ scale: scale.y, tick: (v) => percent(v, tickDecimals(scale.y.ticks)) }}
        xLabel={words('round.axis')}
        dots={false}
        say={(x) => [
          t('curves.step', { step: integer(x) }),
          ...lines.flatMap(({ id, points }) => {
            const p = points.find((q) => q.x === x);
            return p ? [`${armName(words, id)}: ${accuracy(p.mean)}`] : [];
          }),
        ]}
      />
    </ChartCard>
  );
}
function scalesOf(lines: readonly BandLine[]) {
  const points = lines.flatMap((l) => l.points);
  const last = Math.max(1, ...points.map((p) => p.x));
  const domain: [number, number] = [0, last];
  const ticks = niceTicks(0, last, 4).filter((v) => v <= last);
  return {
    x: { to: (v: number) => v, domain, ticks, stretched: false },
    y: accuracyScale(points.flatMap((p) => [p.min, p.max])),
  };
}
function lastOf({ points }: BandLine, name: string): string {
  const last = points[points.length - 1];
  return last ? `${name}: ${accuracy(last.mean)}` : name;
}
