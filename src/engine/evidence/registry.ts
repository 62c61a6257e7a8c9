/** What measures each kind of evidence: one file each. */
import type { EvidenceKind } from '../../methods/evidence';
import { gradient } from './gradient';
import { gradientSize } from './gradient-size';
import { gradientSquare } from './gradient-square';
import type { GaugeOf } from './types';
import { units } from './units';

export const gauges: { readonly [K in EvidenceKind]?: GaugeOf<K> } = {
  gradient,
  gradientSize,
  gradientSquare,
  units,
};
