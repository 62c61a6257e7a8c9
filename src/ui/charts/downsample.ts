export interface Point {
  x: number;
  y: number;
}
/**
 * At most `most` of the points, chosen so that the line keeps its look: largest triangle three buckets
 * (Steinarsson 2013, Downsampling Time Series for Visual Representation). Every point returned is one of
 * the points given; first and last always are, lowest and highest where `most` is at least 5.
 * @param points in rising order of x
 */
export function downsample<P extends Point>(points: readonly P[], most: number): P[] {
  if (points.length <= most || most < 3) return [...points];
  const kept = triangles(points, most);
  const lost = extremes(points).filter((p) => !kept.includes(p));
  if (lost.length === 0 || most - lost.length < 3) return kept;
  const all = new Set([...triangles(points, most - lost.length), ...lost]);
  return points.filter((p) => all.has(p));
}
function extremes<P extends Point>(points: readonly P[]): P[] {
  let [low, high] = [points[0], points[0]];
  for (const p of points) {
    if (p.y < low.y) low = p;
    if (p.y > high.y) high = p;
  }
  return low === high ? [low] : [low, high];
}
function triangles<P extends Point>(points: readonly P[], most: number): P[] {
  const kept = [points[0]];
  const width = (points.length - 2) / (most - 2);
  for (let bucket = 0; bucket < most - 2; bucket++) {
    const from = Math.floor(bucket * width) + 1;
    const to = Math.floor((bucket + 1) * width) + 1;
    kept.push(
      largest(
        points,
        from,
        to,
        kept[kept.length - 1],
        centre(points, to, Math.floor((bucket + 2) * width) + 1),
      ),
    );
  }
  kept.push(points[points.length - 1]);
  return kept;
}
function centre(points: readonly Point[], from: number, to: number): Point {
  const part = points.slice(from, Math.max(from + 1, Math.min(to, points.length)));
  const sum = (of: 'x' | 'y') => part.reduce((s, p) => s + p[of], 0) / part.length;
  return { x: sum('x'), y: sum('y') };
}
function largest<P extends Point>(points: readonly P[], from: number, to: number, a: Point, c: Point): P {
  let best = points[from];
  let area = -1;
  for (let i = from; i < to; i++) {
    const b = points[i];
    const twice = Math.abs((a.x - c.x) * (b.y - a.y) - (a.x - b.x) * (c.y - a.y));
    if (twice > area) {
      area = twice;
      best = b;
    }
  }
  return best;
}
