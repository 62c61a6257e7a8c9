/** The controls of a study, made from its kind's table: what decides most in plain sight, arms by colour, the rest folded. */
import { Checkbox } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { decimal, integer } from '../../i18n/format';
import { useWords } from '../../i18n/words';
import { stripParams } from '../../spec/defaults';
import { LIMITS } from '../../spec/limits';
import type { NumberParam, Params, ParamValue } from '../../spec/params';
import { useStudy } from '../../store/study';
import { studyTable, studyValues } from '../../studies';
import { Disclosure } from '../controls/Disclosure';
import { NumberControl } from '../controls/NumberControl';
import { ParamControls } from '../controls/ParamControls';
import { DataPick } from '../recipe/DataPick';
import { HiddenLayers, NetworkMenu } from '../recipe/Network';
import recipe from '../recipe/recipe.module.css';
import { SeedInputs } from '../recipe/SeedInputs';
import { armOfFlag, hasLook, lookOf } from './arms';
import classes from './lottery.module.css';
import { Remarks } from './Notes';
import { type ArmSetting, settingsOf } from './settings';
import { armAbout, armName, type Say } from './words';

const SEEDS: NumberParam = {
  ...{ kind: 'number', label: 'Seeds', unit: 'none', default: 1, step: 1, integer: true },
  ...{ min: LIMITS.replicates[0], max: LIMITS.replicates[1] },
};
const label = (text: string) => text;
const NO_LAYERS: readonly string[] = [];

/** Sets one value, saying nothing that is a default. */
function set(name: string, value: ParamValue, commit = true): void {
  useStudy
    .getState()
    .change(
      (study) => ({ ...study, with: stripParams(studyTable(study), { ...study.with, [name]: value }) ?? {} }),
      commit,
      name,
    );
}

export function Settings() {
  const { t } = useTranslation('lottery');
  const study = useStudy((s) => s.study);
  const table = useMemo(() => studyTable(study), [study]);
  const values = useMemo(() => studyValues(study), [study]);
  const { plain, arms, folded } = useMemo(() => settingsOf(table), [table]);
  const common = { values, layers: NO_LAYERS, nameOf: label, onChange: set };
  const { change } = useStudy.getState();
  return (
    <>
      <section className={`w-card ${classes.settings}`} aria-label={t('study.settings')}>
        <Subject />
        <ParamControls {...common} table={plain} />
        <NumberControl
          param={SEEDS}
          value={study.replicates}
          label={t('study.seeds')}
          onChange={(replicates, commit) => change((s) => ({ ...s, replicates }), commit, 'replicates')}
        />
        <Remarks study={study} />
        <Disclosure label={t('study.details')}>
          <p className={classes.muted}>{setupText(t, values)}</p>
          <ParamControls {...common} table={folded} />
          <SeedFields />
        </Disclosure>
      </section>
      {arms.length > 0 && (
        <section className={`w-card ${classes.settings}`} aria-label={t('arms.title')}>
          <h2 className={classes.cardtitle}>{t('arms.title')}</h2>
          {study.kind === 'tickets' && <Always arm="ticket" />}
          {arms.map((arm) => (
            <Arm key={arm.name} arm={arm} on={values[arm.name] === true} common={common} />
          ))}
        </section>
      )}
    </>
  );
}
function setupText(t: Say, values: Params): string {
  const { optimizer, lr, batch, steps } = values;
  if (typeof batch !== 'number' || typeof steps !== 'number') return '';
  return t('study.setup', {
    optimizer: typeof optimizer === 'string' ? optimizer : '',
    lr: typeof lr === 'number' ? decimal(lr, 6) : '',
    batch: integer(batch),
    steps: integer(steps),
  });
}

function Subject() {
  const { t } = useTranslation('lottery');
  const { data, model } = useStudy((s) => s.study);
  const { change } = useStudy.getState();
  const network = {
    model,
    onChange: (next: string) => change((s) => ({ ...s, model: next })),
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would draw its own frame.
    <div role="group" aria-label={t('study.subject')}>
      <div className={`${recipe.bar} ${recipe.what}`}>
        <DataPick value={data} onChange={(next) => change((s) => ({ ...s, data: next }))} />
        <span aria-hidden className={recipe.dim}>
          →
        </span>
        <NetworkMenu {...network} />
      </div>
      <HiddenLayers {...network} />
    </div>
  );
}

function Swatch({ arm }: { arm: string }) {
  const { color, dash } = lookOf(arm);
  return (
    <svg width="18" height="10" aria-hidden="true" className={classes.swatch}>
      <line x1="0" x2="18" y1="5" y2="5" stroke={color} strokeWidth="3" strokeDasharray={dash} />
    </svg>
  );
}
function Always({ arm }: { arm: string }) {
  const { t } = useTranslation('lottery');
  return (
    <div className={classes.arm}>
      <Checkbox
        size="xs"
        checked
        disabled
        readOnly
        color={lookOf(arm).color}
        label={
          <span className={classes.armname}>
            {armName(t, arm)} <Swatch arm={arm} />
          </span>
        }
        description={armAbout(t, arm)}
      />
    </div>
  );
}
interface ArmProps {
  arm: ArmSetting;
  on: boolean;
  common: Omit<Parameters<typeof ParamControls>[0], 'table'>;
}
function Arm({ arm: { name, param, more }, on, common }: ArmProps) {
  const { t } = useTranslation('lottery');
  const words = useWords();
  const arm = armOfFlag(name);
  const known = hasLook(arm);
  return (
    <div className={classes.arm}>
      <Checkbox
        size="xs"
        checked={on}
        color={known ? lookOf(arm).color : undefined}
        label={
          <span className={classes.armname}>
            {known ? armName(t, arm) : words.param(param.label)} {known && on && <Swatch arm={arm} />}
          </span>
        }
        description={armAbout(t, arm)}
        onChange={(e) => set(name, e.currentTarget.checked)}
      />
      {on && Object.keys(more).length > 0 && (
        <div className={classes.more}>
          <ParamControls {...common} table={more} />
        </div>
      )}
    </div>
  );
}

/** Seeds side by side count up from these. */
function SeedFields() {
  const seeds = useStudy((s) => s.study.seeds);
  const { change } = useStudy.getState();
  return (
    <SeedInputs
      seeds={seeds}
      onSeed={(name, v) => change((s) => ({ ...s, seeds: { ...s.seeds, [name]: v } }), true, name)}
      onSeeds={(all) => change((s) => ({ ...s, seeds: all }))}
    />
  );
}
