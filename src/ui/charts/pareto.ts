/** Settings that were tried, as dots and as the front of every strategy. Pure, so that it can be tested without a page. */
import { frontOf } from '../../spec/front';
import type { Goal, SearchMeasure, Seeker, Tried } from '../../worker/api-search';

/** In the order of the legend. */
export const SEEKERS: readonly Seeker[] = ['random', 'evolution', 'bayes', 'curves'];
export type Against = 'bytes' | 'time';

export interface ParetoDot {
  tried: Tried;
  x: number;
  accuracy: number;
  /** Known on many images. */
  full: boolean;
}
export interface Pareto {
  dots: ParetoDot[];
  /** By strategy: what none of its own beats, cheapest first, known on many images. */
  fronts: Readonly<Record<Seeker, ParetoDot[]>>;
  /** Of all together. */
  front: ParetoDot[];
}

const hits = ({ full, quick }: Tried) => full ?? quick;

/** Against time only settings that were timed. */
export function paretoOf(tried: readonly Tried[], against: Against): Pareto {
  const dots = tried.flatMap((one): ParetoDot[] => {
    const x = against === 'bytes' ? one.bytes : one.time?.ms;
    const { correct, count } = hits(one);
    return x === undefined || count === 0
      ? []
      : [{ tried: one, x, accuracy: correct / count, full: one.full !== undefined }];
  });
  const known = dots.filter((d) => d.full);
  const front = (some: readonly ParetoDot[]) => frontOf(some, (d) => ({ cost: d.x, gain: d.accuracy }));
  const of = (by: Seeker) => front(known.filter((d) => d.tried.by === by));
  return {
    dots,
    fronts: { random: of('random'), evolution: of('evolution'), bayes: of('bayes'), curves: of('curves') },
    front: front(known),
  };
}

/** The accuracy that a goal asks for, as a fraction; the bytes that it allows. */
export function limitOf(goal: Goal, measure: SearchMeasure): { accuracy?: number; bytes?: number } {
  const { correct, count } = measure.dense;
  if (goal.kind === 'smallest') return { accuracy: correct / count - goal.points / 100 };
  return goal.kind === 'fastest' ? { accuracy: goal.accuracy } : { bytes: goal.bytes };
}

/** Corners of a stair through the front: as much accuracy as so many bytes can buy, on to the right end. */
export function stairsOf(
  front: readonly { x: number; y: number }[],
  right: number,
): { x: number; y: number }[] {
  const corners = front.flatMap((spot, i) => (i === 0 ? [spot] : [{ x: spot.x, y: front[i - 1].y }, spot]));
  const last = front.at(-1);
  return last && last.x < right ? [...corners, { x: right, y: last.y }] : corners;
}
