import type { LegendItem } from '../charts/save';
import { lookOf } from './arms';
import { armName, type Say } from './words';

/** Arms by name, and the dense network where it is drawn as a level. */
export const legendOf = (t: Say, arms: readonly { id: string }[], dense = false): LegendItem[] => [
  ...arms.map(({ id }) => ({ label: armName(t, id), ...lookOf(id) })),
  ...(dense ? [{ label: t('accuracy.denseName'), ...lookOf('dense'), width: 1.5 }] : []),
];
