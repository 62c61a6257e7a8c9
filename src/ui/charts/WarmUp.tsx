import { useEffect, useState } from 'react';
import { useLab } from '../../store/lab';
import { CurvesPlot } from './CurvesChart';
import type { Curves } from './curves';

const LINE: Curves = {
  points: [
    { x: 0, part: 0, loss: 1, accuracy: 0.1 },
    { x: 1, part: 0, loss: 0.5, accuracy: 0.5 },
  ],
  parts: 1,
  marks: [],
  replicate: 0,
};
const OUT_OF_SIGHT = {
  position: 'fixed',
  left: -9999,
  width: 300,
  height: 180,
  visibility: 'hidden',
} as const;

/**
 * Draws one plot out of sight while the page is idle and takes it away again: the chart library's first
 * drawing takes a tenth of a second, which would otherwise fall into the first moment of training.
 */
export function WarmUp() {
  const [stage, setStage] = useState<'waiting' | 'drawing' | 'done'>('waiting');
  const experiment = useLab((s) => s.experiment);
  useEffect(() => {
    if (stage === 'done') return;
    const next = () => setStage(stage === 'waiting' ? 'drawing' : 'done');
    const timer = setTimeout(next, stage === 'waiting' ? 600 : 300);
    return () => clearTimeout(timer);
  }, [stage]);
  if (stage !== 'drawing') return null;
  return (
    <div aria-hidden style={OUT_OF_SIGHT}>
      <CurvesPlot curves={LINE} experiment={experiment} />
    </div>
  );
}
