import { Button, Menu, Text } from '@mantine/core';
import { IconGitBranch, IconPlus, IconRepeat } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useWords } from '../../i18n/words';
import type { Step } from '../../spec/types';
import { useLab } from '../../store/lab';
import classes from './recipe.module.css';
import { forkTemplate, methodIds, methodTemplate, repeatTemplate } from './templates';

interface Props {
  list: string;
  /** Cards in the list: the new one goes below them. */
  count: number;
  small?: boolean;
}
/** Menu of everything that can be a step. */
export function AddStep({ list, count, small }: Props) {
  const { t } = useTranslation();
  const words = useWords();
  const add = (step: Step) => useLab.getState().addAt(step, `${list}.${count}`);
  const item = (label: string, text: string) => (
    <>
      <Text size="sm">{label}</Text>
      <Text size="xs" c="dimmed">
        {text}
      </Text>
    </>
  );
  return (
    <Menu position="bottom-start" width={250}>
      <Menu.Target>
        <Button
          className={small ? classes.addsmall : undefined}
          variant={small ? 'subtle' : 'default'}
          color="gray"
          size={small ? 'compact-xs' : 'sm'}
          px={small ? 6 : 10}
          leftSection={<IconPlus size={14} aria-hidden />}
          aria-label={small ? t('add.inside') : t('add.label')}
        >
          {t('add.button')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {methodIds.map((id) => (
          <Menu.Item key={id} onClick={() => add(methodTemplate(id, useLab.getState().experiment))}>
            {item(words.method(id), words.about(id))}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconRepeat size={15} aria-hidden />} onClick={() => add(repeatTemplate)}>
          {item(t('add.repeat'), t('add.repeatText'))}
        </Menu.Item>
        <Menu.Item leftSection={<IconGitBranch size={15} aria-hidden />} onClick={() => add(forkTemplate)}>
          {item(t('add.fork'), t('add.forkText'))}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
