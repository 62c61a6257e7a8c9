/** What parameters, arms and cards are called on charts. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { decimal, fixed, integer, percent } from '../../i18n/format';
import { words } from '../../i18n/words';
import { methods } from '../../methods/registry';
import { cardOf } from '../../spec/location';
import type { Param } from '../../spec/params';
import { cardAt } from '../../spec/path';
import { type Experiment, isMethod } from '../../spec/types';

export type Say = ReturnType<typeof useTranslation<'charts'>>['t'];

export interface ParamWords {
  /** As in `Accuracy against …`. */
  title: string;
  name: string;
  show(value: number): string;
  tick(value: number): string;
}
const KNOWN = ['sparsity', 'bits', 'rank'] as const;
type Known = (typeof KNOWN)[number];
const isKnown = (name: string): name is Known => (KNOWN as readonly string[]).includes(name);

/** The same object for as long as parameter and language stay. */
export function useParam(param: string): ParamWords {
  const { t } = useTranslation('charts');
  return useMemo(() => paramWords(t, param), [t, param]);
}
function paramWords(t: Say, param: string): ParamWords {
  const found: Param | undefined = methods.map((m) => m.params[param]).find(Boolean);
  const label = words.param(found?.label ?? param);
  const name = isKnown(param) ? t(`param.${param}.name`) : label;
  const title = isKnown(param) ? t(`param.${param}.title`) : label.toLowerCase();
  if (param === 'sparsity') return { title, name, show: sparsityText, tick: (v) => decimal(v * 100, 1) };
  if (param === 'bits' || param === 'rank')
    return { title, name, show: (v) => t(`param.${param}.show`, { value: integer(v) }), tick: integer };
  if (found?.kind === 'number' && found.unit === 'fraction')
    return { title, name, show: sparsityText, tick: (v) => percent(v, 0) };
  return { title, name, show: (v) => decimal(v, 3), tick: (v) => decimal(v, 3) };
}
/** One decimal, two above 99 %: 90.2 %, 99.25 %; none where it would be zero. */
const sparsityText = (v: number): string => {
  const digits = v > 0.99 ? 2 : 1;
  const whole = fixed(v * 100, digits)
    .replace(/\D/g, '')
    .endsWith('0'.repeat(digits));
  return percent(v, whole ? 0 : digits);
};

/** Arms of presets; any other is called what its author called it. */
const ARMS = [
  'ticket',
  'reinit',
  'iterative',
  'one-shot',
  'rebuilt',
  'masked',
  'obs',
  'obs-layer',
  'magnitude',
] as const;
export function armName(t: Say, arm: string): string {
  return (ARMS as readonly string[]).includes(arm) ? t(`arm.${arm as (typeof ARMS)[number]}`) : arm;
}
const DONE = [
  'prune',
  'prune-units',
  'compact',
  'quantize',
  'factorize',
  'rewind',
  'reinit',
  'rewind-point',
  'shuffle-mask',
  'start-values',
  'small-dense',
  'open',
] as const;
/** What a card did, for marks on the learning curves: `pruned`. */
export function doneName(t: Say, experiment: Experiment, at: string): string {
  const step = cardAt(experiment, cardOf(at));
  if (!step || !isMethod(step)) return '';
  const known = DONE.find((d) => d === step.do);
  return known ? t(`done.${known}`) : step.do;
}
