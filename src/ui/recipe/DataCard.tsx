/** What is trained on what, and from which seeds. */
import { ActionIcon, NativeSelect, NumberInput, Tooltip } from '@mantine/core';
import { IconChevronDown, IconDice5 } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { datasetOf, datasets } from '../../catalog';
import { bytes, compact, integer, percent } from '../../i18n/format';
import { kernelSize } from '../../models/build';
import { LIMITS } from '../../spec/limits';
import type { Seeds } from '../../spec/types';
import { useLab } from '../../store/lab';
import { useMissingData, useOwn } from '../../store/own';
import type { LabState } from '../../store/types';
import { useStructure } from '../charts/structure';
import { Disclosure } from '../controls/Disclosure';
import { layersOf } from './cards';
import { HiddenLayers, NetworkMenu } from './Network';
import classes from './recipe.module.css';

const SEEDS = ['init', 'order', 'method'] as const satisfies (keyof Seeds)[];

export function DataCard() {
  const { t } = useTranslation();
  const experiment = useStructure();
  const data = useLab((s) => s.data);
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
        <DataPick value={experiment.data} />
        <span aria-hidden className={classes.dim}>
          →
        </span>
        <NetworkMenu />
        {info && (
          <span className={`${classes.dim} ${classes.weights}`}>
            {t('data.weights', { total: compact(weights) })}
          </span>
        )}
      </div>
      <HiddenLayers />
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

/** Value of the entry that opens the dialog. */
const BRING = 'own';

/** The lab's data sets, the visitor's own, and the way to bring some. */
function DataPick({ value }: { value: string }) {
  const { t } = useTranslation(['shell', 'own']);
  const own = useOwn((s) => s.list);
  const missing = useMissingData();
  const all = [...datasets, ...own].map(({ id, name }) => ({ value: id, label: name }));
  if (!all.some((d) => d.value === value))
    all.push({ value, label: missing ? t('own:missingName', { id: value }) : value });
  return (
    <NativeSelect
      variant="unstyled"
      aria-label={t('data.dataset')}
      classNames={{ root: classes.pickroot, input: classes.pick }}
      rightSectionWidth={16}
      rightSection={<IconChevronDown size={13} aria-hidden />}
      data={[...all, { value: BRING, label: t('own:menu') }]}
      value={value}
      onChange={({ currentTarget: { value: id } }) =>
        id === BRING ? useOwn.getState().open() : useLab.getState().setField('data', id)
      }
    />
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
  const reroll = () => {
    const [init, order, method] = crypto.getRandomValues(new Uint32Array(3)).map((n) => n % 10_000);
    setSeeds({ init, order, method });
  };
  const [least, most] = LIMITS.replicates;
  return (
    <div className={classes.fields}>
      {SEEDS.map((name) => (
        <NumberInput
          key={name}
          size="xs"
          label={t(`data.${name}`)}
          min={LIMITS.seed[0]}
          max={LIMITS.seed[1]}
          allowDecimal={false}
          clampBehavior="strict"
          value={seeds[name]}
          onChange={(v) => typeof v === 'number' && setSeed(name, v)}
        />
      ))}
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
      <Tooltip label={t('data.reroll')}>
        <ActionIcon variant="default" aria-label={t('data.reroll')} onClick={reroll}>
          <IconDice5 size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
