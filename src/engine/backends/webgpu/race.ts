/** Which of two ways to do the same work is faster here, found out while the work is done. */
import type { Notes } from '../../../kernels/webgpu/gpu';

export const WAYS = ['stacked', 'turns'] as const;
/** One dispatch for all networks of a stack, or one for each. */
export type Way = (typeof WAYS)[number];

/** Of each way; the first one does not count, since it may have had to wake something up. */
const SAMPLES = 4;

export class Race {
  readonly #times: Record<Way, number[]> = { stacked: [], turns: [] };
  #winner: Way | undefined;

  /** @param name under which the answer is kept in `notes` */
  constructor(
    readonly name: string,
    readonly notes?: Notes,
  ) {
    const known = notes?.get(name);
    this.#winner = WAYS.find((way) => way === known);
  }
  get winner(): Way | undefined {
    return this.#winner;
  }
  /** How to do the next piece: in turns until it is known. */
  get next(): Way {
    if (this.#winner) return this.#winner;
    const { stacked, turns } = this.#times;
    return stacked.length <= turns.length ? 'stacked' : 'turns';
  }
  add(way: Way, ms: number): void {
    if (this.#winner) return;
    this.#times[way].push(ms);
    const { stacked, turns } = this.#times;
    if (Math.min(stacked.length, turns.length) < SAMPLES) return;
    this.#winner = median(stacked.slice(1)) <= median(turns.slice(1)) ? 'stacked' : 'turns';
    this.notes?.set(this.name, this.#winner);
  }
}
const median = (list: number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1];
