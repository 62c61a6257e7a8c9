/** Everything that can be a step, in groups, as the menu lists it. */
import { methodOf } from '../../catalog';
import { i18n } from '../../i18n';
import { words } from '../../i18n/words';
import type { Method } from '../../methods/types';
import type { Experiment, Step } from '../../spec/types';
import { forkTemplate, methodIds, methodTemplate, repeatTemplate } from './templates';

export const GROUPS = ['training', 'prune', 'transform', 'start', 'flow'] as const;
export type Group = (typeof GROUPS)[number];
export interface Entry {
  /** A method's id, `repeat` or `fork`. */
  id: string;
  group: Group;
  name: string;
  about: string;
}
const groupOf = ({ kind }: Method): Group => (kind === 'criterion' || kind === 'topology' ? 'prune' : kind);

/** In the page's language. */
export function entries(): Entry[] {
  const methods = methodIds.flatMap((id): Entry[] => {
    const method = methodOf(id);
    return method ? [{ id, group: groupOf(method), name: words.method(id), about: words.about(id) }] : [];
  });
  const flow = (['repeat', 'fork'] as const).map(
    (id): Entry => ({ id, group: 'flow', name: i18n.t(`add.${id}`), about: i18n.t(`add.${id}Text`) }),
  );
  return [...methods, ...flow];
}

/** Entries in which every word of the query occurs, in name, explanation or id. */
export function matching(all: readonly Entry[], query: string): Entry[] {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter(({ id, name, about }) => {
    const text = `${id} ${name} ${about}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

export function templateOf(id: string, experiment: Experiment): Step {
  if (id === 'repeat') return repeatTemplate;
  return id === 'fork' ? forkTemplate : methodTemplate(id, experiment);
}
