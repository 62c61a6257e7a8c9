import type { Facts } from '../../worker/api';

export interface Totals {
  weights: number;
  kept: number;
  bytes: number;
  macs: number;
}
/** Sums over layers and, of bytes, batch norms; the file itself has a header on top of them. */
export function totals({ layers, normBytes }: Pick<Facts, 'layers' | 'normBytes'>): Totals {
  const sum: Totals = { weights: 0, kept: 0, bytes: normBytes, macs: 0 };
  for (const l of layers) {
    sum.weights += l.weights;
    sum.kept += l.kept;
    sum.bytes += l.bytes;
    sum.macs += l.macs;
  }
  return sum;
}
