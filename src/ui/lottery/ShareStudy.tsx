/** The study as a link, copied at once; where copying is forbidden the link can be selected. */
import { Button, Popover, TextInput } from '@mantine/core';
import { IconShare } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { writePlace } from '../../spec/view';
import { useStudy } from '../../store/study';
import { encodeStudy } from '../../studies/link';
import type { Study } from '../../studies/types';
import shell from '../shell/shell.module.css';
import { toast } from '../shell/toasts';

const linkOf = (study: Study): string => {
  const place = writePlace({ experiment: '', view: 'lottery', shown: encodeStudy(study) });
  return `${location.origin}${location.pathname}${location.search}#${place}`;
};

export function ShareStudy() {
  const { t } = useTranslation('lottery');
  const [manual, setManual] = useState('');
  const share = async () => {
    const link = linkOf(useStudy.getState().study);
    try {
      await navigator.clipboard.writeText(link);
      toast(t('study.shared'), t('study.sharedText', { count: link.length }));
    } catch {
      setManual(link);
    }
  };
  return (
    <Popover
      opened={manual !== ''}
      onChange={() => setManual('')}
      width={380}
      position="bottom-end"
      trapFocus
      withArrow
    >
      <Popover.Target>
        <Button
          className={shell.share}
          variant="default"
          size="xs"
          h={32}
          aria-label={t('study.share')}
          onClick={() => void share()}
        >
          <IconShare size={15} aria-hidden />
          <span className={shell.wide}>{t('study.shareShort')}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown maw="94vw">
        <TextInput
          size="xs"
          readOnly
          data-autofocus
          label={t('study.field')}
          description={t('study.manual')}
          value={manual}
          onFocus={(e) => e.currentTarget.select()}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
