/** Rows of runs as a file, and what a run's card says. */
import { ROW_FIELDS } from '../../spec/row-fields';
import type { Row } from '../../spec/types';
import type { RunCard } from '../../store/types';
import type { Accuracy } from '../../worker/api';
import type { DataTable } from '../charts/csv';
import { timed } from '../tiles/values';

/** Every row as it was measured, columns in the order of the type. */
export const rowsTable = (rows: readonly Row[]): DataTable => ({
  columns: ROW_FIELDS.map((key) => ({ key, label: key })),
  rows: rows.map((r) => ({ ...r })),
});

export interface RunNumbers {
  accuracy?: Accuracy | { share: number };
  bytes?: number;
  /** Dense time / compressed time at batch 1, median. */
  speed?: number;
  /** Quartiles overlap: no claim. */
  even?: boolean;
}
/** From the preview where there is one, else the last measured rows of the trunk. */
export function runNumbers(run: RunCard): RunNumbers {
  const { preview, rows } = run;
  const last = (metric: Row['metric']) =>
    rows.findLast((r) => r.metric === metric && r.replicate === 0 && !r.arm)?.value;
  const share = last('test.accuracy');
  return {
    accuracy: preview?.test ?? (share === undefined ? undefined : { share }),
    bytes: preview?.facts.bytes ?? last('bytes'),
    speed: timed(preview)?.latency.ratio.median,
    even: timed(preview)?.latency.overlap,
  };
}
