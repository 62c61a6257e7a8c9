/** A network file: which one, and a button for another. */
import { Button, FileButton } from '@mantine/core';
import { IconFolderOpen } from '@tabler/icons-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { integer } from '../../i18n/format';
import { openFile, useFiles, useNetworkFile } from '../../store/files';
import { kilobytes, shareText } from '../charts/numbers';
import classes from './controls.module.css';

/** What file choosers offer first; any other file is looked at all the same. */
export const NETWORK_FILES = '.winnow,.safetensors';

interface Props {
  value: string;
  label: string;
  disabled?: boolean;
  onChange: (value: string) => void;
}
export function FileControl({ value, label, disabled, onChange }: Props) {
  const { t } = useTranslation('deploy');
  const id = useId();
  const file = useNetworkFile(value);
  const listed = useFiles((s) => s.listed);
  const reading = useFiles((s) => s.reading !== undefined);
  const take = (chosen: File | null) => {
    if (chosen) void openFile(chosen, (opened) => onChange(opened.id));
  };
  return (
    <div>
      <div className={classes.row}>
        <span className={classes.label} id={id}>
          {label}
        </span>
        <FileButton
          accept={NETWORK_FILES}
          onChange={take}
          disabled={disabled}
          inputProps={{ 'aria-labelledby': id }}
        >
          {(props) => (
            <Button
              {...props}
              size="compact-xs"
              variant="default"
              loading={reading}
              leftSection={<IconFolderOpen size={13} aria-hidden />}
            >
              {t(value === '' ? 'file.choose' : 'file.other')}
            </Button>
          )}
        </FileButton>
      </div>
      {file ? (
        <p className={classes.file}>
          <strong>{file.name}</strong>{' '}
          {t('file.facts', {
            size: kilobytes(file.bytes),
            kept: integer(file.kept),
            share: shareText(file.kept / Math.max(1, file.weights)),
          })}{' '}
          <code>{file.id}</code>
        </p>
      ) : (
        <p className={classes.file} data-warn={(value !== '' && listed) || undefined}>
          {value === '' ? t('file.none') : listed ? t('file.notHere', { id: value }) : null}
        </p>
      )}
    </div>
  );
}
