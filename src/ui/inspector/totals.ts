import type { LayerFacts } from '../../worker/api';

export interface Totals {
  weights: number;
  kept: number;
  bytes: number;
  macs: number;
}
/** Sums over layers; the file itself has a header on top of their bytes. */
export function totals(layers: readonly LayerFacts[]): Totals {
  const sum: Totals = { weights: 0, kept: 0, bytes: 0, macs: 0 };
  for (const l of layers) {
    sum.weights += l.weights;
    sum.kept += l.kept;
    sum.bytes += l.bytes;
    sum.macs += l.macs;
  }
  return sum;
}
