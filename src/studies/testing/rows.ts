/** Rows as a run would tell them, with numbers made up: whatever `say` gives for a point. */
import type { Metric, Row } from '../../spec/types';
import { armSpots } from '../spots';
import type { Study } from '../types';

export interface Said {
  end?: number;
  stop?: number;
  remaining?: number;
  /** Validation losses at steps 100, 200, ... */
  losses?: readonly number[];
}
/** @param say of an arm (draws counted from 0), a round and a replicate; undefined: nothing yet */
export function rowsOf(
  study: Study,
  say: (arm: string, round: number, replicate: number, draw: number) => Said | undefined,
): Row[] {
  const rows: Row[] = [];
  for (const { arm, rounds } of armSpots(study))
    for (const [round, spots] of rounds)
      for (let replicate = 0; replicate < study.replicates; replicate++)
        spots.forEach((spot, draw) => {
          const said = say(round === 0 ? 'dense' : arm, round, replicate, draw);
          const put = (metric: Metric, step: number, value: number | undefined) => {
            if (value === undefined) return;
            rows.push({
              ...{ exp: spot.exp, at: spot.at, replicate, step, metric, value, unit: '' },
              ...{ basis: 'measured', device: 'test' },
            });
          };
          put('test.accuracy', 900, said?.end);
          put('stop.accuracy', 300, said?.stop);
          put('sparsity', 0, said && 1 - (said.remaining ?? 0.8 ** round));
          said?.losses?.forEach((loss, i) => {
            put('val.loss', 100 * (i + 1), loss);
          });
        });
  return rows;
}
