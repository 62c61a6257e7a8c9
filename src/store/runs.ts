/** Results kept as cards. A result that is measured again replaces its card and stays where it is. */
import { catalog } from '../catalog';
import { hashExperiment } from '../spec/canonical';
import type { Experiment } from '../spec/types';
import { titleOf } from './title';
import type { RunCard } from './types';

/** The tray keeps this many unpinned cards; older ones go. */
export const TRAY_LIMIT = 24;

export function withRun(runs: readonly RunCard[], card: RunCard): RunCard[] {
  const known = runs.findIndex((r) => r.hash === card.hash);
  if (known >= 0) {
    const old = runs[known];
    const same = {
      ...card,
      id: old.id,
      pinned: old.pinned || card.pinned,
      parent: old.parent ?? card.parent,
    };
    return runs.map((r, i) => (i === known ? same : r));
  }
  const loose = runs.filter((r) => !r.pinned);
  const drop = loose.length >= TRAY_LIMIT ? loose[0].id : undefined;
  return [...runs.filter((r) => r.id !== drop), card];
}

/** A result as a card; equal experiments have equal hashes and share a card. */
export function runCard(
  experiment: Experiment,
  what: Pick<RunCard, 'preview' | 'sweep' | 'rows' | 'parent' | 'pinned'>,
): RunCard {
  const hash = hashExperiment(experiment, catalog);
  const at = Date.now();
  return { id: `${hash}-${at.toString(36)}`, hash, title: titleOf(experiment), experiment, at, ...what };
}
