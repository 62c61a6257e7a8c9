/** A study and what follows from it alone: values, parts, one spelling, a name. Nothing here computes results. */
import { datasetOf, hash } from '../catalog';
import { modelById } from '../models/registry';
import type { Arch } from '../models/types';
import { canonicalJson, hashOf } from '../spec/canonical';
import {
  DEFAULT_DATA,
  DEFAULT_MODEL,
  DEFAULT_REPLICATES,
  DEFAULT_SEEDS,
  stripParams,
  withDefaults,
} from '../spec/defaults';
import type { Params, ParamTable } from '../spec/params';
import { WinnowError } from '../spec/problem';
import { suitedTo } from './protocol';
import { findKind, kindById } from './registry';
import type { Remark, Study, StudyBase, StudyPart } from './types';

/** Parameters of a kind, with the defaults that suit the network; empty for a kind that is not known. */
export const studyTable = ({ kind, model }: Pick<Study, 'kind' | 'model'>): ParamTable =>
  suitedTo((findKind(kind)?.params ?? {}) as ParamTable, model);

/** All values of a study, defaults filled in. */
export const studyValues = (study: Study): Params => withDefaults(studyTable(study), study.with) as Params;

/** A study of this kind as it comes, on the default data and network. */
export const defaultStudy = (kind = 'tickets'): Study => ({
  ...{ v: 1, kind, data: DEFAULT_DATA, model: DEFAULT_MODEL, with: {} },
  ...{ seeds: { ...DEFAULT_SEEDS }, replicates: DEFAULT_REPLICATES },
});

/** @throws WinnowError where the data are not in this browser, or the network cannot take such images */
export function studyArch({ data, model }: Pick<Study, 'data' | 'model'>): Arch {
  const info = datasetOf(data);
  if (!info) {
    const message = `${data} is not in this browser: open its file first`;
    throw new WinnowError({ code: 'study.data', path: 'data', message, values: { data } });
  }
  return modelById(model).build(info.shape, info.classes.length);
}
const baseOf = (study: Study): StudyBase => {
  const { data, model, seeds, replicates } = study;
  return { data, model, seeds, replicates, arch: studyArch(study) };
};

/**
 * The experiments of a study; each is valid as it is and can be opened in the Lab.
 * @throws WinnowError for a kind that is not known, and as studyArch
 */
export const partsOf = (study: Study): StudyPart[] =>
  kindById(study.kind).parts(baseOf(study), studyValues(study));

/** What is done otherwise than the study asks. */
export const remarksOf = (study: Study): Remark[] =>
  kindById(study.kind).remarks?.(baseOf(study), studyValues(study)) ?? [];

/** The same study, saying nothing that is a default. */
export const stripStudy = (study: Study): Study => ({
  ...study,
  with: stripParams(studyTable(study), study.with) ?? {},
});

/** One text per study, whatever the order of its fields and however many defaults it spells out. */
export function canonicalStudy(study: Study): string {
  const { v, kind, data, model, seeds, replicates } = study;
  const said = stripStudy(study).with;
  const drawn = Object.entries(seeds).filter(([name, seed]) => seed !== DEFAULT_SEEDS[name as 'init']);
  return canonicalJson({
    ...{ v, kind },
    data: data === DEFAULT_DATA ? undefined : data,
    model: model === DEFAULT_MODEL ? undefined : model,
    with: Object.keys(said).length > 0 ? said : undefined,
    seeds: drawn.length > 0 ? Object.fromEntries(drawn) : undefined,
    replicates: replicates === DEFAULT_REPLICATES ? undefined : replicates,
  });
}
/** 16 hex digits that name the study. */
export const hashStudy = (study: Study): string => hashOf(JSON.parse(canonicalStudy(study)));

/** Names the rows of a part: hash of its experiment. */
export const partHash = ({ experiment }: StudyPart): string => hash(experiment);
