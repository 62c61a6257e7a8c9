/** Error along the straight line between two trained states (Frankle et al. 2020). */

import type { NetState } from '../../models/types';
import { hashOf } from '../../spec/canonical';
import type { Metric } from '../../spec/types';
import { lineAlphas } from '../../studies/line';
import { type Line, lineAt } from '../../studies/types';
import type { Bench } from '../interpreter';
import { evaluate } from '../measure';
import type { BareRow, Measured, Results } from '../results';
import { mixed } from './mix';
import { type Norms, openNorms } from './norms';

/** Lineage keys of the two ends. */
export type LineKeys = readonly [from: string, to: string];
export interface PlacedRows {
  /** Place of the rows: lineAt. */
  at: string;
  rows: BareRow[];
}
const keyOf = ([from, to]: LineKeys, alpha: number): string => hashOf(['line', from, to, alpha]);

/**
 * Rows of every point from one end to the other, as they are measured: test accuracy, validation accuracy and loss.
 * Statistics of batch norms are measured anew at every point, the ends too, so that all points are made alike. Points
 * that are known already are not measured again.
 * @throws WinnowError `line.differ` where the two ends are not comparable; whatever `turn` throws
 */
export async function* linePoints(
  bench: Bench,
  { points }: Line,
  keys: LineKeys,
  [from, to]: readonly [NetState, NetState],
  turn: () => Promise<void>,
): AsyncGenerator<PlacedRows> {
  const { results, looking, data } = bench;
  let norms: Norms | undefined;
  try {
    for (const alpha of lineAlphas(points)) {
      const key = keyOf(keys, alpha);
      let rows = await knownRows(results, key);
      if (!rows) {
        await data.complete;
        const between = mixed(from, to, alpha);
        norms ??= await openNorms(looking.backend, between.arch, data.train);
        const point = await measured(bench, await norms.measured(between, turn), turn);
        results.note(key, point);
        await results.hand(key);
        rows = rowsOf(point);
      }
      yield { at: lineAt(alpha), rows };
    }
  } finally {
    norms?.dispose();
  }
}
/** The same of what is known already; undefined where a point is still to be measured. */
export async function knownLine(
  results: Results,
  { points }: Line,
  keys: LineKeys,
): Promise<PlacedRows[] | undefined> {
  const all: PlacedRows[] = [];
  for (const alpha of lineAlphas(points)) {
    const rows = await knownRows(results, keyOf(keys, alpha));
    if (!rows) return undefined;
    all.push({ at: lineAt(alpha), rows });
  }
  return all;
}

type Point = Required<Pick<Measured, 'test' | 'val'>>;
async function measured({ data, looking, device }: Bench, state: NetState, turn: () => Promise<void>) {
  const test = await evaluate(looking, state, data.test, data.test.total, turn);
  const val = await evaluate(looking, state, data.val, data.val.total, turn);
  const { correct, count } = test;
  return {
    test: { split: 'test', correct, count, device },
    val: { split: 'val', ...val, device },
  } satisfies Point;
}

async function knownRows(results: Results, key: string): Promise<BareRow[] | undefined> {
  if (!results.measured(key).val) await results.told(key);
  const { test, val } = results.measured(key);
  return test && val && rowsOf({ test, val });
}
function rowsOf({ test, val }: Point): BareRow[] {
  const row = (metric: Metric, value: number, unit: BareRow['unit'], device: string): BareRow => ({
    ...{ step: 0, metric, value, unit, basis: 'measured', device },
  });
  return [
    row('test.accuracy', test.correct / test.count, 'fraction', test.device),
    row('val.accuracy', val.correct / val.count, 'fraction', val.device),
    row('val.loss', val.loss / val.count, 'nats', val.device),
  ];
}
