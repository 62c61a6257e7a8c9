import { useLab } from '../../store/lab';
import { sweepable } from './active';
import { CurvesChart } from './CurvesChart';
import classes from './charts.module.css';
import { LotteryChart } from './LotteryChart';
import { hasFork } from './lottery';
import { ParetoChart } from './ParetoChart';
import { SavingsChart } from './SavingsChart';
import { SweepChart } from './SweepChart';
import { WarmUp } from './WarmUp';
import { WeightsMap } from './WeightsMap';

/**
 * Two by two where there is room. With control arms the lottery takes the first place, and the sweep makes
 * way unless the active card can be swept; the map makes way for the rest.
 */
export function ChartGrid() {
  const arms = useLab((s) => hasFork(s.experiment));
  const sweep = useLab((s) => !hasFork(s.experiment) || sweepable(s.experiment, s.active));
  return (
    <div className={classes.grid}>
      <WarmUp />
      <div className={classes.cells}>
        <ParetoChart />
        {arms && <LotteryChart />}
        {sweep && <SweepChart />}
        {!sweep && <CurvesChart />}
        <SavingsChart />
        {sweep && <CurvesChart />}
        {!(arms && sweep) && <WeightsMap />}
      </div>
    </div>
  );
}
