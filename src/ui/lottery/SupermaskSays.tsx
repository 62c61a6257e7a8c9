/** Beside learned masks: the published figures. What their bars say is on the bars. */
import { useMemo } from 'react';
import { factsOf } from './facts';
import { Published } from './Published';
import type { PanelProps } from './panel';

export function SupermaskSays({ study, rows }: PanelProps) {
  const { series } = useMemo(() => factsOf(study, rows), [study, rows]);
  return <Published study={study} series={series} />;
}
