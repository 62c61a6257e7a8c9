/** Words of methods, parameters and options; what has no translation yet is shown by its own name. */
import { useTranslation } from 'react-i18next';
import { criteria } from '../methods/criteria/registry';
import { unitCriteria } from '../methods/unit-criteria/registry';
import { i18n } from './index';

const look = (
  group: 'name' | 'about' | 'param' | 'option' | 'unit',
  key: string,
  otherwise: string,
): string => {
  // Labels may hold dots and colons, so they are looked up as a whole and not as a path.
  const words = (language: string) =>
    (i18n.getResource(language, 'methods', group) ?? {}) as Record<string, string>;
  return words(i18n.language)[key] ?? words('en')[key] ?? otherwise;
};
/** Criteria bring their own words. */
const criterion = (id: string): string | undefined =>
  [...criteria, ...unitCriteria].find((c) => c.id === id)?.words[i18n.language === 'zh-CN' ? 'zh' : 'en']
    .name;
export const words = {
  method: (id: string) => look('name', id, id),
  about: (id: string) => look('about', id, ''),
  param: (label: string) => look('param', label, label),
  option: (id: string) => look('option', id, criterion(id) ?? id),
  unit: (id: string) => look('unit', id, ''),
};
/** The same, drawn again when the language changes. */
export function useWords(): typeof words {
  useTranslation('methods');
  return words;
}
