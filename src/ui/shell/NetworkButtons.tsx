/** The network on screen as a file, and one of a file as the network on screen. */
import { Button, FileButton } from '@mantine/core';
import { IconDownload, IconFolderOpen } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFiles } from '../../store/files';
import { useLab } from '../../store/lab';
import { kilobytes } from '../charts/numbers';
import { NETWORK_FILES } from '../controls/FileControl';
import { openNetwork, saveNetwork } from './networks';

/** True from the first trained state on: there is something to write. */
export const useSavable = (): boolean => useLab((s) => s.preview?.dense !== undefined);

export function SaveNetwork() {
  const { t } = useTranslation('deploy');
  const bytes = useLab((s) => s.preview?.facts.bytes);
  const savable = useSavable();
  const [busy, setBusy] = useState(false);
  const save = () => {
    setBusy(true);
    void saveNetwork().finally(() => setBusy(false));
  };
  return (
    <Button
      size="compact-sm"
      leftSection={<IconDownload size={14} aria-hidden />}
      disabled={!savable}
      loading={busy}
      onClick={save}
    >
      {savable && bytes !== undefined ? t('file.saveSize', { size: kilobytes(bytes) }) : t('file.save')}
    </Button>
  );
}
export function OpenNetwork() {
  const { t } = useTranslation('deploy');
  const reading = useFiles((s) => s.reading !== undefined);
  return (
    <FileButton accept={NETWORK_FILES} onChange={(file) => file && void openNetwork(file)}>
      {(props) => (
        <Button
          {...props}
          size="compact-sm"
          variant="default"
          loading={reading}
          leftSection={<IconFolderOpen size={14} aria-hidden />}
        >
          {t('file.open')}
        </Button>
      )}
    </FileButton>
  );
}
