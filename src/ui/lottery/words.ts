/** What arms and points of a study are called, in the page's language. */
import type { useTranslation } from 'react-i18next';
import { datasetOf, modelOf } from '../../catalog';
import { i18n } from '../../i18n';
import { integer, percent } from '../../i18n/format';
import { lotteryEn } from '../../i18n/lottery.en';
import { words } from '../../i18n/words';
import { studyValues } from '../../studies';
import type { Band, Study } from '../../studies/types';
import { shareText } from '../charts/numbers';
import { plainArm } from './arms';
import { deconstructed } from './deconstruct-words';

export type Say = ReturnType<typeof useTranslation<'lottery'>>['t'];
type Arm = keyof (typeof lotteryEn)['arm'];

const known = (arm: string): arm is Arm => Object.hasOwn(lotteryEn.arm, arm);
/** An arm that has no words here is called by its id. */
export function armName(t: Say, id: string): string {
  const own = deconstructed(id);
  if (own !== undefined) return own;
  const arm = plainArm(id);
  return known(arm) ? t(`arm.${arm}.name`) : id;
}
export const armAbout = (t: Say, arm: string): string => (known(arm) ? t(`arm.${arm}.about`) : '');

/** Seeds behind a number. */
export const seedsOf = (band: Band): number => band.each.size;
/** How it spreads: over so many seeds, or that there is one. */
export function spreadText(t: Say, band: Band, show: (v: number) => string): string {
  const trainings = [...band.each.values()].reduce((sum, draws) => sum + draws.length, 0);
  if (trainings < 2) return t('tip.oneSeed');
  const range = { min: show(band.min), max: show(band.max), seeds: integer(band.each.size) };
  return trainings > band.each.size
    ? t('tip.spreadDraws', { ...range, trainings: integer(trainings) })
    : t('tip.spread', range);
}
export const roundText = (t: Say, round: number, remaining: number): string =>
  t('tip.round', { round: integer(round), share: shareText(remaining) });
export const accuracy = (v: number): string => percent(v, 2);

/** A study in a few words: kind, data, network, size. */
export function studyName(t: Say, study: Study): string {
  const { kind, data, model, replicates } = study;
  const { rounds } = studyValues(study);
  return [
    kindName(t, kind),
    modelOf(model)?.name ?? model,
    datasetOf(data)?.name ?? data,
    ...(typeof rounds === 'number' ? [t('name.rounds', { count: rounds })] : []),
    t('name.seeds', { count: replicates }),
  ].join(' · ');
}
type Kind = keyof (typeof lotteryEn)['kind'];
const knownKind = (kind: string): kind is Kind => Object.hasOwn(lotteryEn.kind, kind);
export const kindName = (t: Say, kind: string): string => (knownKind(kind) ? t(`kind.${kind}.name`) : kind);
export const kindAbout = (t: Say, kind: string): string => (knownKind(kind) ? t(`kind.${kind}.about`) : '');

/** A part of a study of learning rates, `adam-0.0012`: optimizer and rate; any other by its id. */
export function partName(t: Say, part: string): string {
  const [, optimizer, lr] = /^(adam|adamw|sgd)-(.+)$/.exec(part) ?? [];
  return optimizer ? t('rates.setup', { optimizer: words.option(optimizer), lr }) : part;
}

export const presetName = (id: string): string => presetWords(id, 'title');
export const presetAbout = (id: string): string => presetWords(id, 'text');
function presetWords(id: string, what: 'title' | 'text'): string {
  const key = `studies:preset.${id}.${what}`;
  return i18n.exists(key) ? String(i18n.t(key as never)) : id;
}

/** The arm and, where a study has several parts of the same arms, its part. */
export function armIn(t: Say, id: string): string {
  const slash = id.lastIndexOf('/');
  if (slash < 0) return armName(t, id);
  return t('name.inPart', { arm: armName(t, id), part: partName(t, id.slice(0, slash)) });
}
