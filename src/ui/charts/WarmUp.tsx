import { useEffect, useState } from 'react';
import { Scatter } from 'recharts';
import { ScatterPlot, STILL } from './ScatterPlot';
import { accuracyScale, remainingScale } from './scales';

const OUT_OF_SIGHT = {
  position: 'fixed',
  left: -9999,
  width: 300,
  height: 180,
  visibility: 'hidden',
} as const;
const X = remainingScale([1, 0.5]);
const Y = accuracyScale([0.9, 0.95]);
const POINTS = [{ px: X.to(1), py: Y.to(0.9) }];

/**
 * Draws one scatter chart out of sight while the page is idle and takes it away again: the chart library's first
 * drawing takes a tenth of a second, which would otherwise fall into the first moment of training.
 */
export function WarmUp() {
  const [stage, setStage] = useState<'waiting' | 'drawing' | 'done'>('waiting');
  useEffect(() => {
    if (stage === 'done') return;
    const next = () => setStage(stage === 'waiting' ? 'drawing' : 'done');
    const timer = setTimeout(next, stage === 'waiting' ? 600 : 300);
    return () => clearTimeout(timer);
  }, [stage]);
  if (stage !== 'drawing') return null;
  return (
    <div aria-hidden style={OUT_OF_SIGHT}>
      <ScatterPlot x={X} y={Y} xTick={String} yTick={String} xLabel="">
        <Scatter {...STILL} data={POINTS} />
      </ScatterPlot>
    </div>
  );
}
