/** What the menu of a criterion needs to know of its options, whichever family they are of. */
import { i18n } from '../../i18n';
import { criteria } from '../../methods/criteria/registry';
import { unitCriteria } from '../../methods/unit-criteria/registry';
import type { Param } from '../../spec/params';

/** Of weights and of units alike. */
export interface Described {
  id: string;
  words: Readonly<Record<'en' | 'zh', { name: string; about: string }>>;
  formula: string;
  /** What must be measured first; nothing where the weights say enough. */
  needs?: readonly unknown[];
}
const families: readonly (readonly Described[])[] = [criteria, unitCriteria];

/** The criteria that this parameter chooses among; undefined for any other choice. */
export function criteriaOf(param: Param): readonly Described[] | undefined {
  if (param.kind !== 'choice') return undefined;
  return families.find(
    (family) =>
      family.length === param.options.length && family.every(({ id }) => param.options.includes(id)),
  );
}
export const wordsOf = ({ words }: Described) => words[i18n.language === 'zh-CN' ? 'zh' : 'en'];
export const needsData = ({ needs }: Described): boolean => (needs?.length ?? 0) > 0;
