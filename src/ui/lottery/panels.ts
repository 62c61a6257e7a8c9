/** What the Lottery view shows of a study, by kind: one component a kind. Panels take their props from ./panel. */
import { type Panel, panel } from './panel';

/** What stands at the right in place of findings about arms, where a kind has none to compare. */
export const says: Readonly<Record<string, Panel>> = {
  connectivity: panel(() => import('./ConnectivitySays'), 'ConnectivitySays'),
  supermasks: panel(() => import('./SupermaskSays'), 'SupermaskSays'),
};
export const panels: Readonly<Record<string, Panel>> = {
  tickets: panel(() => import('./Tickets'), 'Tickets'),
  connectivity: panel(() => import('./Connectivity'), 'Connectivity'),
  criteria: panel(() => import('./Deconstruct'), 'Deconstruct'),
  signs: panel(() => import('./Deconstruct'), 'Deconstruct'),
  'mask-zero': panel(() => import('./Deconstruct'), 'Deconstruct'),
  rates: panel(() => import('./Rates'), 'Rates'),
  supermasks: panel(() => import('./Supermasks'), 'Supermasks'),
};
