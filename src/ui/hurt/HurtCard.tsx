/** The inspector's panel; works out nothing while nobody sees it. */
import { ActionIcon, Tooltip } from '@mantine/core';
import { useDisclosure, useIntersection } from '@mantine/hooks';
import { IconArrowsMaximize } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { followState, useCompare } from '../../store/compare';
import inspector from '../inspector/inspector.module.css';
import { Body } from './Body';
import { HurtDialog } from './HurtDialog';
import { TableButton } from './TableButton';
import { useHurtView } from './useView';

export function HurtCard() {
  const { t } = useTranslation('compare');
  const { ref, entry } = useIntersection<HTMLElement>();
  const seen = entry?.isIntersecting ?? false;
  useEffect(() => (seen ? followState() : undefined), [seen]);
  const [opened, { open, close }] = useDisclosure(false);
  const state = useHurtView();
  const shown = useCompare((s) => s.shown);
  return (
    <section ref={ref} className={`w-card ${inspector.card}`} aria-label={t('title')}>
      <div className={inspector.head}>
        <h3 className={inspector.title}>{t('title')}</h3>
        {shown && (
          <span style={{ display: 'flex', marginLeft: 'auto' }}>
            <TableButton shown={shown} view={state.view} filter={state.filter} />
            <Tooltip label={t('larger')}>
              <ActionIcon variant="subtle" color="gray" size="sm" aria-label={t('larger')} onClick={open}>
                <IconArrowsMaximize size={15} aria-hidden />
              </ActionIcon>
            </Tooltip>
          </span>
        )}
      </div>
      <Body state={state} />
      {opened && <HurtDialog onClose={close} />}
    </section>
  );
}
