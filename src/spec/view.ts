/**
 * Which view a link opens: the experiment's fragment, then `~` and the view's name, then `=` and what the view shows
 * of its own. The lab is the view without a name, so links from before there were others stay what they were.
 *
 *     #v1/lenet-mnist                  the lab
 *     #v1/lenet-mnist~speed            the Speed view, the same experiment waiting in the lab
 *     #~speed=1.4kQz...                a result of the Speed view
 */
export const VIEWS = ['lab', 'lottery', 'speed'] as const;
export type View = (typeof VIEWS)[number];
export interface Place {
  /** Fragment of the experiment, as in link.ts, without `#`. */
  experiment: string;
  view: View;
  /** What the view shows of its own; '' for nothing. */
  shown: string;
}

/** Never fails: a view that is not known here is the lab. `~` may arrive escaped, as some chats send it. */
export function readPlace(fragment: string): Place {
  const text = fragment.replace(/^#/, '').replace(/%7e/gi, '~');
  const at = text.indexOf('~');
  if (at < 0) return { experiment: fragment, view: 'lab', shown: '' };
  const [, name, shown = ''] = /^([a-z]*)(?:(?:=|%3d)(.*))?/i.exec(text.slice(at + 1)) ?? [];
  const view = VIEWS.find((v) => v === name?.toLowerCase()) ?? 'lab';
  return { experiment: text.slice(0, at), view, shown: view === 'lab' ? '' : shown };
}
/** The fragment, without `#`. */
export function writePlace({ experiment, view, shown }: Place): string {
  if (view === 'lab') return experiment;
  return `${experiment}~${view}${shown && `=${shown}`}`;
}
