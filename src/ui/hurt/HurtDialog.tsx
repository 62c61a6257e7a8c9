/** The whole comparison at once, large enough to be shown to a room. Open while it is rendered. */
import { Group, Modal } from '@mantine/core';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { followState } from '../../store/compare';
import { Body } from './Body';
import { useHurtView } from './useView';

export function HurtDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation('compare');
  const state = useHurtView();
  useEffect(() => followState(), []);
  return (
    <Modal.Root opened onClose={onClose} size={1320} padding="lg">
      <Modal.Overlay />
      <Modal.Content>
        {/* Not Modal.Header: its <header> would be a second banner of the page. */}
        <Group justify="space-between" px="lg" pt="md" pb={4} wrap="nowrap">
          <Modal.Title fw={650} fz="lg">
            {t('title')}
          </Modal.Title>
          <Modal.CloseButton aria-label={t('close')} />
        </Group>
        <Modal.Body>
          <Body state={state} wide />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
