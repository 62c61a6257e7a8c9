/** How long one image takes with a setting, against the dense network: short measurements, many of them. */
import type { NetState } from '../../models/types';
import type { TriedTime } from '../../worker/api-search';
import { speedAt } from '../deploy/speed';
import type { Bench } from '../interpreter';
import { clockGrain, type Pace } from '../timing/race';
import type { Visibility } from '../timing/visibility';
import type { LayerForms } from '../types';
import type { Turn } from './bench';

const PACE: Pace = { rounds: 5, sampleMs: 10, slopeRounds: 0 };
class Hidden extends Error {}

/**
 * @param page nothing is timed while the tab is hidden
 * @param forms asked for each time: what layers are to be executed in
 * @returns undefined where the tab was hidden meanwhile
 */
export const timeOne =
  ({ baseline, looking }: Bench, page: Visibility, forms: () => LayerForms) =>
  async (state: NetState, dense: NetState, turn: Turn): Promise<TriedTime | undefined> => {
    const before = page.hidings;
    const seen = async () => {
      await turn();
      if (page.hidden || page.hidings !== before) throw new Hidden();
    };
    const conditions = { turn: seen, grain: clockGrain() };
    try {
      const track = { baseline, looking, forms: forms(), conditions, pace: PACE };
      const { compressed, ratio, overlap } = await speedAt(track, dense, state, 1);
      return { ms: compressed.median, ratio, overlap };
    } catch (error) {
      if (error instanceof Hidden) return undefined;
      throw error;
    }
  };
