import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { paramsOf } from '../../catalog';
import { integer, percent } from '../../i18n/format';
import { cardOf } from '../../spec/location';
import type { MethodStep } from '../../spec/types';
import { useLab } from '../../store/lab';
import classes from './recipe.module.css';

/** Share of the card's training that is done, while it trains; of its trainings, where there are several at once. */
export const useShare = (at: string): number | undefined =>
  useLab((s) => {
    if (s.run.status === 'idle') return undefined;
    const here = s.progress?.running.filter((p) => cardOf(p.at) === at && p.steps > 0) ?? [];
    return here.length > 0 ? here.reduce((sum, p) => sum + p.step / p.steps, 0) / here.length : undefined;
  });

/** One or two words on where the card stands. */
export function Status({ at, step, live }: { at: string; step: MethodStep; live: boolean }) {
  const { t } = useTranslation();
  const status = useLab((s) => (step.off ? 'off' : (s.cards[at] ?? 'needs-run')));
  const share = useShare(at);
  const [tone, text] = ((): [string, string] => {
    if (share !== undefined && status !== 'done') return ['accent', percent(share, 0)];
    switch (status) {
      case 'off':
        return ['', t('card.off')];
      case 'done': {
        const { steps } = paramsOf(step);
        if (live) return ['good', t('card.live')];
        return [
          'good',
          typeof steps === 'number' ? t('card.doneSteps', { steps: integer(steps) }) : t('card.done'),
        ];
      }
      case 'measuring':
        return ['accent', t('card.measuring')];
      case 'running':
        return ['accent', t('card.running')];
      case 'failed':
        return ['bad', t('card.failed')];
      default:
        return live ? ['', t('card.live')] : ['warn', t('card.needsRun')];
    }
  })();
  return (
    <span className={classes.status} data-tone={tone} data-status={status}>
      {status === 'done' && (
        <IconCheck size={12} stroke={2.6} aria-hidden style={{ verticalAlign: '-2px' }} />
      )}{' '}
      <span className={classes.statustext}>{text}</span>
    </span>
  );
}

/** A thin line along the bottom of a card that is training. */
export function ThinProgress({ at }: { at: string }) {
  const share = useShare(at);
  const running = useLab((s) => s.cards[at] === 'running');
  if (share === undefined || (!running && share >= 1)) return null;
  return (
    <div className={classes.thin} aria-hidden>
      <div style={{ width: `${share * 100}%` }} />
    </div>
  );
}
