import { integer, percent } from '../../i18n/format';
import { compareArms, type Lottery } from './lottery';
import { shareText } from './numbers';
import { armName, type Say } from './words';

/** What the rows say so far, in a sentence; no claim from one seed. */
export function statementOf(t: Say, lottery: Lottery): string | undefined {
  const found = compareArms(lottery);
  if (!found) return undefined;
  const digits = found.arms.slice(1).every((a) => Math.abs(a.accuracy - found.arms[0].accuracy) > 0.002)
    ? 1
    : 2;
  const arms = found.arms.map((a) =>
    t('lottery.armSays', { arm: armName(t, a.name), accuracy: percent(a.accuracy, digits) }),
  );
  const values = { share: shareText(found.remaining), arms: arms.join(t('lottery.comma')) };
  if (found.seeds < 2) return t('lottery.statementOne', values);
  const first = armName(t, found.arms[0].name);
  return t('lottery.statementMany', {
    ...values,
    seeds: integer(found.seeds),
    ahead: integer(found.ahead),
    first,
  });
}
