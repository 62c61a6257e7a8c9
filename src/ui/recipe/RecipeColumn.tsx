import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLab } from '../../store/lab';
import { DataCard } from './DataCard';
import { RunBar } from './RunBar';
import classes from './recipe.module.css';
import { StepList } from './StepList';

/** What has no part in a parameter's change is not drawn for it. */
const Data = memo(DataCard);
const Bar = memo(RunBar);

/** The experiment as a stack of cards, with what starts and stops it below. */
export function RecipeColumn() {
  const { t } = useTranslation();
  const { recipe, seeds, replicates } = useLab((s) => s.experiment);
  const same = seeds.init === seeds.order && seeds.order === seeds.method;
  return (
    <div className={classes.column}>
      <div className={classes.heading}>
        <h2 className={classes.title}>{t('app.recipe')}</h2>
        <span className={classes.dim}>
          {same
            ? t('data.seedsShort', { seed: String(seeds.init), count: replicates })
            : t('data.seedsMixed', {
                init: String(seeds.init),
                order: String(seeds.order),
                method: String(seeds.method),
              })}
        </span>
      </div>
      <Data />
      <StepList list="recipe" steps={recipe} />
      <Bar />
    </div>
  );
}
