/** Settings read off sensitivity curves: every layer as far as it can go alone without losing more than some points. */
import type { Hits, ScanPoint, Setting } from '../../worker/api-search';
import { share } from './goals';
import type { Space } from './space';

/** Losses of one layer alone, as fractions. Those of all layers together are larger, so it begins with little. */
const LOSSES = [0, 0.001, 0.002, 0.0035, 0.005, 0.0075, 0.01, 0.02, 0.04];

/** One setting per loss, weakest first, without repetitions. Layers that were not scanned keep the weakest value. */
export function settingsOf(space: Space, points: readonly ScanPoint[], untouched: Hits): Setting[] {
  const base = share(untouched);
  const curves = space.layers.map((layer) =>
    points
      .filter((p) => p.layer === layer)
      .map((p) => ({ u: space.positionOf(p.value), loss: base - share(p) }))
      .sort((a, b) => a.u - b.u),
  );
  const found = new Map<string, Setting>();
  for (const loss of LOSSES) {
    const setting = space.setting(curves.map((curve) => reach(curve, loss)));
    const key = space.keyOf(setting);
    if (!found.has(key)) found.set(key, setting);
  }
  return [...found.values()];
}

/** The last position before the curve first loses more, on straight lines between its points; 0 where it does at once. */
export function reach(curve: readonly { u: number; loss: number }[], loss: number): number {
  const over = curve.findIndex((p) => p.loss > loss);
  if (over < 0) return curve.at(-1)?.u ?? 0;
  if (over === 0) return curve[0].u;
  const [a, b] = [curve[over - 1], curve[over]];
  return a.u + ((b.u - a.u) * (loss - a.loss)) / (b.loss - a.loss);
}
