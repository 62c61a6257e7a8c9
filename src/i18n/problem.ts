import type { Problem } from '../spec/problem';
import { i18n } from './index';

const VARIABLE = /{{\s*(\w+)\s*}}/g;

/**
 * A problem in the page's language: by its code, if that is known and brings every value its sentence needs;
 * else the English message it came with.
 */
export function sayProblem({ code, message, values = {} }: Problem): string {
  const key = `problems:${code}`;
  if (i18n.language === 'en' || !i18n.exists(key)) return message;
  const sentence = i18n.getResource(i18n.language, 'problems', code);
  if (typeof sentence !== 'string') return message;
  const complete = [...sentence.matchAll(VARIABLE)].every(([, name]) => name in values);
  return complete ? String(i18n.t(key as never, values as never)) : message;
}
