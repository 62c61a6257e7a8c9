/** The curve behind a slider: where it runs, and what it says. Pure, so that it can be tested without a page. */
import type { NumberParam } from '../../spec/params';
import { positionOf, type Track } from '../../spec/warp';
import type { Hits, ScanPoint } from '../../worker/api-search';

/** Percentage points, as a fraction, that a layer may lose and still count as unharmed. */
export const HARMLESS = 0.005;

export interface CurvePoint {
  value: number;
  /** Along the slider, 0..1. */
  x: number;
  accuracy: number;
  hits: Hits;
}
/** The points of one layer along its slider. */
export function curveOf(points: readonly ScanPoint[], layer: string, track: Track): CurvePoint[] {
  return points
    .filter((p) => p.layer === layer && p.count > 0)
    .map((p) => ({ value: p.value, x: positionOf(p.value, track), accuracy: p.correct / p.count, hits: p }))
    .sort((a, b) => a.x - b.x);
}

/** Stronger compression lies to the left. */
export const isFalling = (param: Pick<NumberParam, 'unit'>): boolean =>
  param.unit === 'bits' || param.unit === 'rank';

/** The strongest value up to which (from no compression on) no more is lost than is harmless; undefined where none is. */
export function safeValue(
  curve: readonly CurvePoint[],
  untouched: number,
  falling: boolean,
): CurvePoint | undefined {
  const order = falling ? [...curve].reverse() : curve;
  let safe: CurvePoint | undefined;
  for (const point of order) {
    if (untouched - point.accuracy > HARMLESS + 1e-9) break;
    safe = point;
  }
  return safe;
}

export interface Area {
  /** SVG path in a box of 100 x 100, y down; closed along the bottom. */
  d: string;
  harmless: boolean;
}
/**
 * The area under the curve, cut where it becomes harmful. Accuracy 0 is at the bottom; the box is as high as the
 * untouched accuracy.
 */
export function areasOf(curve: readonly CurvePoint[], untouched: number, falling: boolean): Area[] {
  if (curve.length < 2 || !(untouched > 0)) return [];
  const spot = ({ x, accuracy }: CurvePoint): [number, number] => [
    x * 100,
    100 - Math.min(1, accuracy / untouched) * 100,
  ];
  const safe = safeValue(curve, untouched, falling);
  const at = safe ? curve.indexOf(safe) : falling ? curve.length - 1 : 0;
  const parts = falling
    ? [
        { part: curve.slice(0, at + 1), harmless: false },
        { part: curve.slice(at), harmless: true },
      ]
    : [
        { part: curve.slice(0, at + 1), harmless: true },
        { part: curve.slice(at), harmless: false },
      ];
  return parts.flatMap(({ part, harmless }) => {
    if (part.length < 2) return [];
    const spots = part.map(spot);
    const top = spots.map(([x, y]) => `L${round(x)},${round(y)}`).join('');
    return [{ d: `M${round(spots[0][0])},100${top}L${round(spots[spots.length - 1][0])},100Z`, harmless }];
  });
}
const round = (v: number): number => Math.round(v * 100) / 100;
