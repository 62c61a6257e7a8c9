/**
 * How accuracy depends on each layer alone (Li, Kadav, Durdanovic, Samet and Graf 2017; Han et al. 2015): the card with
 * one layer at a value of a grid, all others untouched, on the first validation images. Coarse to fine and all layers in
 * turn, so that the shape of every curve shows early. The test set is never read.
 */
import type { Hits, ScanPoint } from '../../worker/api-search';
import { Bounded } from '../bounded';
import { coarseToFine } from '../frontier';
import type { SearchBench, Turn } from './bench';

/** What is known of one card's layers; grows while it is scanned. */
export interface Scan {
  untouched?: Hits;
  points: ScanPoint[];
}
const KEPT = 32;
/** The latest scans, by `scanKey`. */
export class Scans {
  #kept = new Bounded<Scan>(KEPT, () => 1);
  of(key: string): Scan {
    const scan = this.#kept.get(key) ?? { points: [] };
    this.#kept.set(key, scan);
    return scan;
  }
  clear(): void {
    this.#kept = new Bounded(KEPT, () => 1);
  }
}

interface Place {
  layer: string;
  value: number;
}
/** All points of a scan in the order in which they are measured. */
export function placesOf({ space }: Pick<SearchBench, 'space'>): Place[] {
  return coarseToFine(space.grid()).flatMap((value) => space.layers.map((layer) => ({ layer, value })));
}

export interface ScanTold {
  start(untouched: Hits, total: number): void;
  points(points: ScanPoint[], done: number): void;
}
/**
 * Measures what is missing of the scan; what is known is told at once.
 * @throws Cancelled by `turn`; WinnowError where the card refuses
 */
export async function scanLayers(
  bench: SearchBench,
  scans: Scans,
  turn: Turn,
  told: ScanTold,
): Promise<Required<Scan>> {
  const before = await bench.before(turn);
  const { quick: images } = await bench.images(before.state);
  const scan = scans.of(bench.scanKey(before.key));
  const untouched = scan.untouched ?? (await bench.hits(before.state, images, turn));
  scan.untouched = untouched;
  const places = placesOf(bench);
  told.start(untouched, places.length);
  if (scan.points.length > 0) told.points([...scan.points], scan.points.length);
  const known = new Set(scan.points.map(keyOf));
  for (const place of places) {
    if (known.has(keyOf(place))) continue;
    const { layer, value } = place;
    // Nothing is done: nothing to measure.
    const same = value === bench.space.neutral;
    const hits = same
      ? untouched
      : await bench.hits(await bench.alone(layer, value, before.state, turn), images, turn);
    const point = { ...place, ...hits };
    scan.points.push(point);
    told.points([point], scan.points.length);
  }
  return { untouched, points: scan.points };
}
const keyOf = ({ layer, value }: Place): string => `${layer} ${value}`;
