/** Neurons, filters and channels that are left. Those that a sum couples go together and are one line. */
import { useTranslation } from 'react-i18next';
import { integer } from '../../i18n/format';
import { useLab } from '../../store/lab';
import type { GroupFacts } from '../../worker/api';
import classes from './inspector.module.css';

const nameOf = ({ producers }: GroupFacts) => producers.join(' + ');

/** Of which some are gone; nothing while every unit is there. */
export function UnitGroups() {
  const { t } = useTranslation('charts');
  const groups = useLab((s) => s.preview?.groups)?.filter(({ before, alive }) => alive < before);
  if (!groups?.length) return null;
  return (
    <section className={classes.units} aria-label={t('units.title')}>
      <h4>{t('units.title')}</h4>
      <dl>
        {groups.map((group) => (
          <div key={group.id}>
            <dt>
              {nameOf(group)}
              {group.producers.length > 1 && <small>{t('units.coupled')}</small>}
            </dt>
            <dd>
              {t('units.left', { before: integer(group.before), alive: integer(group.alive) })}
              {group.alive < group.units && <small>{t('units.masked')}</small>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
