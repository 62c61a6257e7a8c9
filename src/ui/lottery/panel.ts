/** A panel of the Lottery view: what it is given, and how its code comes when it is first shown. */
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { Row } from '../../spec/types';
import type { Study } from '../../studies/types';

export interface PanelProps {
  study: Study;
  /** All rows there are of the study, in no order across trainings. */
  rows: readonly Row[];
  /** Whose it is, where there are two. */
  mark?: string;
}
export type Panel = LazyExoticComponent<ComponentType<PanelProps>>;
export const panel = <T extends string>(
  load: () => Promise<Record<T, ComponentType<PanelProps>>>,
  name: T,
): Panel => lazy(() => load().then((module) => ({ default: module[name] })));
