/** What measures each kind of evidence: one file each. */
import type { EvidenceKind } from '../../methods/evidence';
import { curvature } from './curvature';
import { gradient } from './gradient';
import { gradientSize } from './gradient-size';
import { gradientSquare } from './gradient-square';
import { inputs } from './inputs';
import type { GaugeOf } from './types';
import { units } from './units';

export const gauges: { readonly [K in EvidenceKind]?: GaugeOf<K> } = {
  gradient,
  gradientSize,
  gradientSquare,
  inputs,
  curvature,
  units,
};
