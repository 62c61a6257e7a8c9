/** What is kept of a task of a study, without its state. */
import { lastStep, type TrainValues } from '../methods/train';
import { knownPoint } from './interpreter';
import type { Task } from './lineage';
import type { BareRow, Results } from './results';

/**
 * All rows that a task has to tell, where everything behind them is kept; none where it has nothing to tell.
 * Undefined: something has to be computed.
 * @param device written into rows that are computed now from what is kept
 */
export async function keptRows(
  { method, measured, key, values }: Task,
  results: Results,
  device: string,
): Promise<BareRow[] | undefined> {
  const stop = values.earlyStop === true;
  const here = results.trained.get(key);
  const known = results.measured(key);
  const complete = known.facts && known.test && (!stop || known.stop);
  const told = (method.live || here) && complete ? undefined : await results.told(key);
  const curve = method.live ? [] : (here ?? told)?.rows;
  if (!curve || (!method.live && !here && !results.vault.has(key))) return undefined;
  if (!measured) return curve;
  const step = method.live ? 0 : lastStep(values as TrainValues);
  const point = knownPoint(results.measured(key), { step, device }, { stop, layers: true });
  return point && [...curve, ...point];
}
