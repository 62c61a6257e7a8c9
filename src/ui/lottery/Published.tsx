import type { ArmSeries, Study } from '../../studies/types';

interface Props {
  study: Study;
  series: readonly ArmSeries[];
}
/** Figures that were published for this network, and what this study gives in their place. */
export function Published(_: Props) {
  return null;
}
