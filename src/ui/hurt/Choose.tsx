/** Which two states are compared: any that the page knows and still has. */
import { ActionIcon, type ComboboxData, Select, Tooltip } from '@mantine/core';
import { IconArrowsExchange } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { armOf, cardOf, roundsOf } from '../../spec/location';
import { cardAt } from '../../spec/path';
import type { Experiment } from '../../spec/types';
import { type Choice, runChoice, runOf, useCompare } from '../../store/compare';
import { useLab } from '../../store/lab';
import type { RunCard } from '../../store/types';
import { useStructure } from '../charts/structure';
import { armName } from '../charts/words';
import { numberOf, titleOfCard } from '../recipe/cards';
import classes from './hurt.module.css';

/** What a choice is called, in the page's language. */
export function useNames(): (choice: Choice) => string {
  const { t } = useTranslation('compare');
  const { t: charts } = useTranslation('charts');
  const experiment = useStructure();
  const runs = useLab((s) => s.runs);
  return useMemo(() => {
    const place = (at: string): string => {
      const arm = armOf(at);
      return [
        cardName(experiment, cardOf(at), (number, title) => t('card', { number, title })),
        ...roundsOf(at).map((round) => t('round', { round: String(round) })),
        ...(arm ? [armName(charts, arm)] : []),
      ].join(' · ');
    };
    return (choice) => {
      if (choice === 'dense' || choice === 'now') return t(choice);
      const run = runOf(choice, runs);
      return run ? runName(run) : place(choice);
    };
  }, [experiment, runs, t, charts]);
}
const runName = (run: RunCard): string => `${run.title} #${run.hash.slice(0, 4)}`;
function cardName(experiment: Experiment, at: string, say: (number: string, title: string) => string) {
  const step = cardAt(experiment, at);
  return step ? say(String(numberOf(experiment, at)), titleOfCard(experiment, at, step)) : at;
}

export function Choose() {
  const { t } = useTranslation('compare');
  const swap = useCompare((s) => s.swap);
  return (
    <div className={classes.choose}>
      <Pick which="a" label={t('old')} />
      <Pick which="b" label={t('new')} />
      <Tooltip label={t('swap')}>
        <ActionIcon
          className={classes.swap}
          variant="subtle"
          color="gray"
          aria-label={t('swap')}
          onClick={swap}
        >
          <IconArrowsExchange size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
function Pick({ which, label }: { which: 'a' | 'b'; label: string }) {
  const value = useCompare((s) => s[which]);
  const options = useOptions();
  return (
    <Select
      classNames={{ root: classes.pick, label: classes.picklabel, wrapper: classes.pickfield }}
      size="xs"
      label={label}
      data={options}
      value={value}
      allowDeselect={false}
      searchable
      maxDropdownHeight={320}
      comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
      onChange={(choice) => choice !== null && useCompare.getState().choose(which, choice)}
    />
  );
}

function useOptions(): ComboboxData {
  const { t } = useTranslation('compare');
  const states = useCompare((s) => s.states);
  const runIds = useCompare((s) => s.runIds);
  const runs = useLab((s) => s.runs);
  const name = useNames();
  return useMemo(() => {
    const whole: Choice[] = ['dense', 'now'];
    const own = whole.map((choice) => ({ value: choice, label: name(choice), disabled: false }));
    const places = (states?.places ?? []).map(({ at, ready }) => ({
      value: at,
      label: ready ? name(at) : t('needsRun', { name: name(at) }),
      disabled: !ready,
    }));
    const others = runIds.flatMap((id, i) => {
      const run = runs.find((r) => r.id === id);
      const how = states?.runs[i];
      if (!run || !how) return [];
      const plain = runName(run);
      const label = how === 'ready' ? plain : t(how === 'rerun' ? 'rerun' : 'otherData', { name: plain });
      return [{ value: runChoice(id), label, disabled: how !== 'ready' }];
    });
    return [
      { group: t('recipe'), items: [...own, ...places] },
      ...(others.length > 0 ? [{ group: t('runs'), items: others }] : []),
    ];
  }, [states, runIds, runs, name, t]);
}
