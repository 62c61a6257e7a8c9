/** Kinds `criteria`, `signs` and `mask-zero`: one small chart per criterion, values or action, all on the same axes. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { integer } from '../../i18n/format';
import { useLook } from '../../store/study-look';
import { hashStudy } from '../../studies';
import type { Study } from '../../studies/types';
import { ChartCard } from '../charts/ChartCard';
import { shareText } from '../charts/numbers';
import { accuracyScale, remainingScale } from '../charts/scales';
import { AtSwitch } from './AccuracyChart';
import { type At, hasStop, kindsOf, LOOKS, type Shown, type Small, shownOf, smallsOf } from './deconstruct';
import classes from './deconstruct.module.css';
import { lineName, smallName } from './deconstruct-words';
import { factsOf, roundShown } from './facts';
import type { PanelProps } from './panel';
import { SideBySide } from './SideBySide';
import { type SmallPlot, SmallPlots } from './SmallPlots';
import { smallsTable } from './small-table';
import { useEmpty } from './useEmpty';
import { accuracy, roundText, type Say, spreadText } from './words';

/** Kinds that this panel shows. */
export type Deconstructed = 'criteria' | 'signs' | 'mask-zero';

export function Deconstruct({ study, rows }: PanelProps) {
  const { t } = useTranslation('deconstruct');
  const { t: lottery } = useTranslation('lottery');
  const facts = useMemo(() => factsOf(study, rows), [study, rows]);
  const smalls = useMemo(() => smallsOf(study, facts.series), [study, facts]);
  const { at: wanted, look, round: chosen } = useLook();
  const choice = hasStop(smalls);
  const at: At = choice ? wanted : 'end';
  const shown = useMemo(() => shownOf(smalls, at), [smalls, at]);
  const round = roundShown(facts, chosen);
  const empty = useEmpty(lottery, study);
  const kind = study.kind as Deconstructed;
  const seeds = Math.max(0, ...shown.map(({ band }) => band.each.size));
  const onRound = (next: number) => look({ round: next });
  const title = t(`${kind}.title`);
  return (
    <div className={classes.panel}>
      <div className={shown.length > 0 ? classes.filled : classes.waiting}>
        <ChartCard
          id={`study-${kind}-${at}`}
          exp={hashStudy(study)}
          title={title}
          subtitle={t('subtitle', { count: seeds, at: t(`at.${at}`) })}
          summary={[title, ...lastOf(shown, kind).map((s) => t('said', s))].join('. ')}
          table={() => smallsTable(lottery, t(`${kind}.column`), kind, shown)}
          legend={kindsOf(smalls).map((line) => ({ label: lineName(line), ...LOOKS[line] }))}
          empty={shown.length === 0 ? empty : undefined}
          tools={choice && <AtSwitch series={facts.series} at={at} onAt={(next) => look({ at: next })} />}
          note={<p className={classes.note}>{t(`${kind}.about`)}</p>}
          use={{
            label: lottery('accuracy.use'),
            act: (row) => shown[row] && onRound(shown[row].point.round),
          }}
        >
          <Drawn study={study} smalls={smalls} shown={shown} round={round} onRound={onRound} />
        </ChartCard>
      </div>
      {shown.length > 0 && (
        <SideBySide
          kind={kind}
          smalls={smalls}
          at={at}
          rounds={facts.rounds}
          round={round}
          onRound={onRound}
        />
      )}
    </div>
  );
}

interface DrawnProps {
  study: Study;
  smalls: readonly Small[];
  shown: readonly Shown[];
  round: number | undefined;
  onRound(round: number): void;
}
function Drawn({ study, smalls, shown, round, onRound }: DrawnProps) {
  const { t } = useTranslation('lottery');
  const plots = useMemo(() => plotsOf(t, study.kind, smalls, shown), [t, study.kind, smalls, shown]);
  const scales = useMemo(
    () => ({
      x: remainingScale(shown.map(({ point }) => point.remaining)),
      y: accuracyScale(shown.flatMap(({ band }) => [band.min, band.max])),
    }),
    [shown],
  );
  const here = shown.find(({ point }) => point.round === round);
  return (
    <SmallPlots
      plots={plots}
      {...scales}
      xLabel={t('accuracy.axis')}
      dense={shown.find(({ point }) => point.round === 0)?.band.mean}
      at={here?.point.remaining}
      onPick={(x) => {
        const picked = shown.find(({ point }) => point.remaining === x);
        if (picked) onRound(picked.point.round);
      }}
    />
  );
}

function plotsOf(t: Say, kind: string, smalls: readonly Small[], shown: readonly Shown[]): SmallPlot[] {
  return smalls.map((small) => ({
    id: small.id,
    title: smallName(kind, small.id),
    lines: small.lines.map((line) => ({
      id: line.id,
      ...LOOKS[line.kind],
      points: shown.flatMap(({ small: s, line: l, point, band }) => {
        if (s.id !== small.id || l.id !== line.id) return [];
        const name = line.kind === 'held' ? smallName(kind, small.id) : lineName(line.kind);
        const tip = [
          `${name}: ${accuracy(band.mean)}`,
          roundText(t, point.round, point.remaining),
          spreadText(t, band, accuracy),
        ];
        return [{ x: point.remaining, mean: band.mean, min: band.min, max: band.max, tip }];
      }),
    })),
  }));
}
/** The last point of every line, in words. */
function lastOf(shown: readonly Shown[], kind: string) {
  const last = new Map(shown.map((s) => [`${s.small.id} ${s.line.id}`, s]));
  return [...last.values()].map(({ small, line, point, band }) => ({
    small: smallName(kind, small.id),
    line: lineName(line.kind),
    accuracy: accuracy(band.mean),
    share: shareText(point.remaining),
    seeds: integer(band.each.size),
  }));
}
