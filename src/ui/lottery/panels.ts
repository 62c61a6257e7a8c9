/** What the Lottery view shows of a study, by kind: one component a kind, its code loaded when it is first shown. */
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { Row } from '../../spec/types';
import type { Study } from '../../studies/types';

export interface PanelProps {
  study: Study;
  /** All rows there are of the study, in no order across trainings. */
  rows: readonly Row[];
}
type Panel = LazyExoticComponent<ComponentType<PanelProps>>;
export const panel = <T extends string>(
  load: () => Promise<Record<T, ComponentType<PanelProps>>>,
  name: T,
): Panel => lazy(() => load().then((module) => ({ default: module[name] })));

export const panels: Readonly<Record<string, Panel>> = {
  tickets: panel(() => import('./Tickets'), 'Tickets'),
  rates: panel(() => import('./Rates'), 'Rates'),
};
