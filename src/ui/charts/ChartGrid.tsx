import { useLab } from '../../store/lab';
import { CurvesChart } from './CurvesChart';
import classes from './charts.module.css';
import { LotteryChart } from './LotteryChart';
import { hasFork } from './lottery';
import { SavingsChart } from './SavingsChart';
import { SweepChart } from './SweepChart';
import { WeightsMap } from './WeightsMap';

/** Two by two where there is room; with control arms the lottery takes the first place, the map makes way. */
export function ChartGrid() {
  const arms = useLab((s) => hasFork(s.experiment));
  return (
    <div className={classes.grid}>
      <div className={classes.cells}>
        {arms && <LotteryChart />}
        <SweepChart />
        <SavingsChart />
        <CurvesChart />
        {!arms && <WeightsMap />}
      </div>
    </div>
  );
}
