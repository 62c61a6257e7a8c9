import { useTranslation } from 'react-i18next';
import type { Method } from '../../methods/types';
import { useLab } from '../../store/lab';
import classes from './recipe.module.css';

/** Backends that train gates and scores themselves. */
const ITSELF = ['simd', 'reference'];

/** Says that a card is trained on the CPU although another device is chosen. */
export function OnCpu({ method }: { method: Method }) {
  const { t } = useTranslation();
  const device = useLab((s) => s.device);
  if (method.live || !method.cpuOnly || !device || ITSELF.includes(device.id)) return null;
  return <div className={classes.summary}>{t('card.onCpu', { device: device.device })}</div>;
}
