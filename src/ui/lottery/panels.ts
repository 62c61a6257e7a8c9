/** What the Lottery view shows of a study, by kind: one component a kind. Panels take their props from ./panel. */
import { type Panel, panel } from './panel';

export const panels: Readonly<Record<string, Panel>> = {
  tickets: panel(() => import('./Tickets'), 'Tickets'),
  connectivity: panel(() => import('./Connectivity'), 'Connectivity'),
  rates: panel(() => import('./Rates'), 'Rates'),
};
