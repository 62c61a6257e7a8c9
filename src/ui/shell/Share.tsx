/** The experiment as a link, copied at once; where copying is forbidden the link can be selected. */
import { Button, CopyButton, Divider, FileButton, Group, Popover, Text, TextInput } from '@mantine/core';
import { IconShare } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLab } from '../../store/lab';
import { linkOf } from '../../store/start';
import { openFile, saveExperiment } from './files';
import { OpenNetwork, SaveNetwork } from './NetworkButtons';
import classes from './shell.module.css';
import { toast } from './toasts';

/** Copies the link of what is on screen; false where the browser does not allow it. */
async function copyLink(): Promise<{ link: string; copied: boolean }> {
  const link = linkOf(useLab.getState().experiment);
  try {
    await navigator.clipboard.writeText(link);
    return { link, copied: true };
  } catch {
    return { link, copied: false };
  }
}

export function Share() {
  const { t } = useTranslation();
  const { t: file } = useTranslation('deploy');
  const [opened, setOpened] = useState(false);
  const [copied, setCopied] = useState(true);
  const experiment = useLab((s) => s.experiment);
  const link = opened ? linkOf(experiment) : '';
  const share = async () => {
    if (opened) return setOpened(false);
    const done = await copyLink();
    setCopied(done.copied);
    setOpened(true);
    if (done.copied) toast(t('share.copied'), t('share.copiedText', { count: done.link.length }));
  };
  return (
    <Popover opened={opened} onChange={setOpened} width={380} position="bottom-end" trapFocus withArrow>
      <Popover.Target>
        <Button
          className={classes.share}
          variant="default"
          size="xs"
          h={32}
          aria-label={t('share.button')}
          onClick={() => void share()}
        >
          <IconShare size={15} aria-hidden />
          <span className={classes.wide}>{t('share.button')}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown maw="94vw">
        <Text fw={650} size="sm">
          {t('share.title')}
        </Text>
        <Text size="xs" c="dimmed" mt={2} mb={8}>
          {t('share.text')}
        </Text>
        <TextInput
          label={t('share.field')}
          description={copied ? t('share.length', { count: link.length }) : t('share.manual')}
          inputWrapperOrder={['label', 'input', 'description']}
          size="xs"
          readOnly
          data-autofocus
          value={link}
          onFocus={(e) => e.currentTarget.select()}
        />
        <Group gap={6} mt={10}>
          <CopyButton value={link}>
            {({ copied: now, copy }) => (
              <Button size="compact-sm" onClick={copy}>
                {now ? t('share.copied') : t('share.copy')}
              </Button>
            )}
          </CopyButton>
          <Button size="compact-sm" variant="default" onClick={() => saveExperiment(experiment)}>
            {t('share.download')}
          </Button>
          <FileButton accept="application/json,.json" onChange={(file) => file && void openFile(file)}>
            {(props) => (
              <Button size="compact-sm" variant="default" {...props}>
                {t('share.open')}
              </Button>
            )}
          </FileButton>
        </Group>
        <Divider my={10} />
        <Text fw={650} size="sm">
          {file('file.title')}
        </Text>
        <Text size="xs" c="dimmed" mt={2} mb={8}>
          {file('file.text')}
        </Text>
        <Group gap={6}>
          <SaveNetwork />
          <OpenNetwork />
        </Group>
      </Popover.Dropdown>
    </Popover>
  );
}
