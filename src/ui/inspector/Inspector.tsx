import { useTranslation } from 'react-i18next';
import { HurtCard } from '../hurt/HurtCard';
import { DigitPad } from './DigitPad';
import classes from './inspector.module.css';
import { LayerTable } from './LayerTable';
import { OverTime } from './OverTime';
import { WeightHistogram } from './WeightHistogram';

/** A closer look at the state on screen: its layers, its weights, its answers. */
export function Inspector() {
  const { t } = useTranslation('charts');
  return (
    <div className={classes.stack}>
      <div className={classes.cards}>
        <section className={`w-card ${classes.card}`} aria-label={t('layers.card')}>
          <div className={classes.head}>
            <h3 className={classes.title}>{t('layers.title')}</h3>
          </div>
          <LayerTable />
        </section>
        <WeightHistogram />
        <OverTime />
        <HurtCard />
        <DigitPad />
      </div>
    </div>
  );
}
