/** The sensitivity curves of a card, measured in the background while somebody looks at them. */
import { useEffect } from 'react';
import { useLab } from '../../store/lab';
import { type Curves, useSearch } from '../../store/search';
import { isTop, scanLine } from '../../store/search-lines';
import type { SearchSubject } from '../../worker/api-search';

/** Long enough not to begin while sliders are being moved. */
const SETTLE_MS = 400;

export interface CardCurves {
  curves?: Curves;
  /** The network in front of the card is there. */
  trained: boolean;
  /** Takes up what was stopped. */
  resume(): void;
}
/** @param at path of the card; undefined where nothing can be scanned */
export function useCurves(
  at: string | undefined,
  param: string,
  layers: readonly string[],
): CardCurves | undefined {
  const possible = at !== undefined && isTop(at) && layers.length > 0;
  const line = useLab((s) =>
    possible ? scanLine({ experiment: s.experiment, at, param, layers }) : undefined,
  );
  const curves = useSearch((s) => (line === undefined ? undefined : s.scans[line]));
  const busy = useSearch((s) => s.busy !== undefined && s.busy.line !== line);
  const trained = useLab((s) => at !== undefined && s.cards[at] === 'done' && s.preview !== undefined);
  const idle = useLab(
    (s) => s.worker.status === 'ready' && s.run.status !== 'running' && s.run.status !== 'paused',
  );
  const wanted = line !== undefined && trained && idle && !busy && (!curves || curves.status === 'cut');
  useEffect(() => {
    if (!wanted || at === undefined) return;
    const timer = setTimeout(() => useSearch.getState().scan(subjectOf(at, param, layers)), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [wanted, at, param, layers]);
  if (at === undefined || line === undefined) return undefined;
  return { curves, trained, resume: () => useSearch.getState().scan(subjectOf(at, param, layers), true) };
}
const subjectOf = (at: string, param: string, layers: readonly string[]): SearchSubject => ({
  experiment: useLab.getState().experiment,
  at,
  param,
  layers,
});
