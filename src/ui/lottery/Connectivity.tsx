/** Kind `connectivity`: the line between two copies, where they part as a slider, and how unstable each step is. */
import { SegmentedControl } from '@mantine/core';
import { type CSSProperties, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { integer } from '../../i18n/format';
import type { Row } from '../../spec/types';
import { hashStudy, studyArch } from '../../studies';
import { type LineSeries, lineSeries } from '../../studies/line-series';
import type { Study } from '../../studies/types';
import charts from '../charts/charts.module.css';
import { Range } from '../controls/Range';
import { ConnectivityLine } from './ConnectivityLine';
import { ConnectivityRise } from './ConnectivityRise';
import { classesOf, sayRise } from './connectivity-words';
import classes from './lottery.module.css';
import type { PanelProps } from './panel';
import { useEmpty } from './useEmpty';

type Images = 'test' | 'val';

export function Connectivity({ study, rows }: PanelProps) {
  const { t } = useTranslation('connectivity');
  const { t: words } = useTranslation('lottery');
  const [images, setImages] = useState<Images>('test');
  const [chosen, choose] = useState<number>();
  const { series, losses, there, hash } = useLines(study, rows, images);
  const shown = there.find((s) => s.k === chosen) ?? there[0];
  const empty = useEmpty(words, study);
  const step = shown && integer(shown.k);
  const seeds = Math.max(0, ...(shown?.points.map(({ band }) => band.each.size) ?? []));
  const said = shown && sayRise(t, shown, classesOf(study));
  return (
    <div className={classes.charts}>
      <div className={classes.big} style={HEIGHTS.big}>
        <ConnectivityLine
          of="error"
          series={series}
          shown={shown}
          hash={hash}
          subtitle={
            step
              ? t('error.subtitle', { k: step, images: t(`error.of.${images}`), count: seeds })
              : t('error.none')
          }
          said={said}
          empty={empty}
          tools={
            <SegmentedControl
              size="xs"
              aria-label={t('error.label')}
              value={images}
              onChange={(v) => setImages(v as Images)}
              data={(['test', 'val'] as const).map((value) => ({ value, label: t(`error.short.${value}`) }))}
            />
          }
          note={
            shown && (
              <>
                {there.length > 1 && <Steps there={there} shown={shown} choose={choose} />}
                <p className={charts.statement} aria-live="polite" data-statement="connectivity">
                  {said}
                </p>
                {hasNorms(study) && <p className={charts.note}>{t('says.norms')}</p>}
              </>
            )
          }
        />
      </div>
      <div className={classes.pair} style={HEIGHTS.pair}>
        <ConnectivityRise
          series={series}
          k={shown?.k}
          hash={hash}
          empty={there.length > 0 ? t('rise.waiting') : empty}
          onK={choose}
        />
        <ConnectivityLine
          of="loss"
          series={losses}
          shown={losses.find((s) => s.k === shown?.k)}
          hash={hash}
          subtitle={step ? t('loss.subtitle', { k: step }) : t('loss.none')}
          empty={empty}
        />
      </div>
    </div>
  );
}

/** Both rows of charts in the window, with the slider and the sentence between them. */
const HEIGHTS = {
  big: plotHeight('clamp(200px, calc((100vh - 265px) * 0.56), 520px)'),
  pair: plotHeight('clamp(150px, calc((100vh - 265px) * 0.44 - 20px), 360px)'),
};
function plotHeight(height: string): CSSProperties {
  return { '--w-plot': height } as CSSProperties;
}

function useLines(study: Study, rows: readonly Row[], images: Images) {
  const series = useMemo(() => lineSeries(study, rows, images), [study, rows, images]);
  const losses = useMemo(() => lineSeries(study, rows, 'loss'), [study, rows]);
  const there = useMemo(() => series.filter(({ points }) => points.length > 0), [series]);
  const hash = useMemo(() => hashStudy(study), [study]);
  return { series, losses, there, hash };
}
const hasNorms = (study: Study): boolean => studyArch(study).layers.some(({ kind }) => kind === 'batchnorm');

interface StepsProps {
  there: readonly LineSeries[];
  shown: LineSeries;
  choose(k: number): void;
}
/** One position for each step that has been measured. */
function Steps({ there, shown, choose }: StepsProps) {
  const { t } = useTranslation('connectivity');
  const index = there.indexOf(shown);
  const step = integer(shown.k);
  const place = { at: integer(index + 1), all: integer(there.length) };
  return (
    <div className={classes.rounds}>
      <span aria-hidden>{t('slider')}</span>
      <Range
        name={t('slider')}
        track={{ min: 0, max: there.length - 1, step: 1 }}
        value={index}
        valueText={t('position', { k: step, ...place })}
        onChange={(i) => there[i] && choose(there[i].k)}
      />
      <b aria-hidden>{step}</b>
    </div>
  );
}
