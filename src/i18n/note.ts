import type { Note } from '../methods/types';
import { decimal, integer, percent } from './format';
import { i18n } from './index';

/** Numbers as people read them: whole ones grouped, shares (by their name) as percent. */
const shown = (name: string, value: number | string): string => {
  if (typeof value === 'string') return value;
  if (/share$/i.test(name)) return percent(value, 1);
  return Number.isInteger(value) ? integer(value) : decimal(value, 4);
};

/** A note in the page's language; its bare code where there is no sentence for it. */
export function sayNote({ code, values = {} }: Note): string {
  if (!i18n.exists(`notes:${code}`)) return code;
  const said = Object.fromEntries(Object.entries(values).map(([name, v]) => [name, shown(name, v)]));
  return String(i18n.t(`notes:${code}` as never, said as never));
}
