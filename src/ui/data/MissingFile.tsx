import { Button, FileButton } from '@mantine/core';
import { IconFileUnknown } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useMissingFile } from '../../store/files';
import { NETWORK_FILES } from '../controls/FileControl';
import { Notice } from '../shell/Notice';
import { openNetwork } from '../shell/networks';

/** The recipe begins with a network file, named by its content, that is not in this browser. */
export function MissingFile() {
  const { t } = useTranslation('deploy');
  const id = useMissingFile();
  if (!id) return null;
  return (
    <Notice icon={<IconFileUnknown size={18} aria-hidden />} title={t('file.missing')}>
      {t('file.missingText', { id })}
      <div>
        <FileButton accept={NETWORK_FILES} onChange={(file) => file && void openNetwork(file)}>
          {(props) => (
            <Button mt={8} size="xs" {...props}>
              {t('file.choose')}
            </Button>
          )}
        </FileButton>
      </div>
    </Notice>
  );
}
