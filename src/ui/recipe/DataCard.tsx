/** What is trained on what, and from which seeds. */
import { NumberInput } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { datasetOf } from '../../catalog';
import { bytes, compact, integer, percent } from '../../i18n/format';
import { kernelSize } from '../../models/build';
import { LIMITS } from '../../spec/limits';
import { useLab } from '../../store/lab';
import type { LabState } from '../../store/types';
import { useStructure } from '../charts/structure';
import { Disclosure } from '../controls/Disclosure';
import { layersOf } from './cards';
import { DataPick } from './DataPick';
import { HiddenLayers, NetworkMenu } from './Network';
import classes from './recipe.module.css';
import { SeedInputs } from './SeedInputs';

export function DataCard() {
  const { t } = useTranslation();
  const experiment = useStructure();
  const data = useLab((s) => s.data);
  const { setField } = useLab.getState();
  const choose = (id: string) => setField('model', id);
  const info = datasetOf(experiment.data);
  const weights = useMemo(
    () => layersOf(experiment).reduce((sum, l) => sum + kernelSize(l), 0),
    [experiment],
  );
  const loading = info !== undefined && data.total > 0 && data.loaded < data.total;
  const part = fractionOf(data);
  const fetchingText = (name: string) => {
    if (!data.fetching) return undefined;
    const { host, bytes: done, total } = data.fetching;
    if (total === undefined) return t('data.fetchingSome', { name, host, done: bytes(done) });
    return t('data.fetching', { name, host, done: bytes(done), total: bytes(total) });
  };
  return (
    <section className={`w-card ${classes.card}`} aria-label={t('data.model')}>
      <div className={`${classes.bar} ${classes.what}`}>
        <DataPick value={experiment.data} onChange={(id) => setField('data', id)} />
        <span aria-hidden className={classes.dim}>
          →
        </span>
        <NetworkMenu model={experiment.model} onChange={choose} />
        {info && (
          <span className={`${classes.dim} ${classes.weights}`}>
            {t('data.weights', { total: compact(weights) })}
          </span>
        )}
      </div>
      <HiddenLayers model={experiment.model} onChange={choose} />
      {info && (
        <div className={classes.dim}>
          {loading
            ? (fetchingText(info.name) ?? t('data.loading', { name: info.name, percent: percent(part, 0) }))
            : t('data.counts', {
                train: integer(info.counts.train),
                val: integer(info.counts.val),
                test: integer(info.counts.test),
              })}
        </div>
      )}
      <Disclosure label={t('data.seeds')}>
        <SeedFields />
      </Disclosure>
      {loading && (
        <div className={classes.thin} aria-hidden>
          <div style={{ width: `${part * 100}%` }} />
        </div>
      )}
    </section>
  );
}

/** How far loading is: in bytes while they come from a public host that says how many there are, else in images. */
function fractionOf({ loaded, total, fetching }: LabState['data']): number {
  if (fetching?.total) return Math.min(1, fetching.bytes / fetching.total);
  return total > 0 ? loaded / total : 0;
}

function SeedFields() {
  const { t } = useTranslation();
  const { seeds, replicates } = useLab((s) => s.experiment);
  const { setSeed, setSeeds, setField } = useLab.getState();
  const [least, most] = LIMITS.replicates;
  return (
    <SeedInputs seeds={seeds} onSeed={setSeed} onSeeds={setSeeds}>
      <NumberInput
        size="xs"
        label={t('data.replicates')}
        min={least}
        max={most}
        allowDecimal={false}
        clampBehavior="strict"
        value={replicates}
        onChange={(v) => typeof v === 'number' && v >= least && setField('replicates', v)}
      />
    </SeedInputs>
  );
}
