/** Which study, and what can be done with it as a whole: save, open, take back. */
import { ActionIcon, Button, FileButton, Menu, Text, Tooltip } from '@mantine/core';
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconChevronDown,
  IconDots,
  IconDownload,
  IconFileTypeCsv,
  IconFlask,
  IconFolderOpen,
} from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useBrought } from '../../store/brought';
import { useStudy } from '../../store/study';
import { defaultStudy, hashStudy } from '../../studies';
import { studyPresets } from '../../studies/presets';
import { kinds } from '../../studies/registry';
import type { Study } from '../../studies/types';
import { saveCsv, saveJson } from './files';
import classes from './lottery.module.css';
import { openInLab } from './open';
import { kindAbout, kindName, presetAbout, presetName, type Say } from './words';

/** What the study on screen is called: the preset it is, or its kind. */
function nameOf(t: Say, study: Study): string {
  const hash = hashStudy(study);
  const preset = studyPresets.find((p) => hashStudy(p.study) === hash);
  return preset ? presetName(preset.id) : `${kindName(t, study.kind)} · ${t('study.own')}`;
}

export function StudyMenu() {
  const { t } = useTranslation('lottery');
  const { study, past, future } = useStudy();
  const { choose, undo, redo } = useStudy.getState();
  const hash = hashStudy(study);
  const name = nameOf(t, study);
  return (
    <div className={classes.heading}>
      <h2 className={classes.title}>{t('study.heading')}</h2>
      <Menu width={340} position="bottom-start" classNames={{ dropdown: classes.dropdown }}>
        <Menu.Target>
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            className={classes.which}
            aria-label={t('study.menu', { name })}
            rightSection={<IconChevronDown size={14} aria-hidden />}
          >
            <span className={classes.name}>{name}</span>
            <span className={classes.hash}>#{hash.slice(0, 4)}</span>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('study.presets')}</Menu.Label>
          {studyPresets.map((p) => (
            <Entry
              key={p.id}
              name={presetName(p.id)}
              about={presetAbout(p.id)}
              current={hashStudy(p.study) === hash}
              onClick={() => choose(p.study)}
            />
          ))}
          <Menu.Label>{t('study.kinds')}</Menu.Label>
          {kinds.map((k) => (
            <Entry
              key={k.id}
              name={kindName(t, k.id)}
              about={kindAbout(t, k.id)}
              current={false}
              onClick={() => choose({ ...defaultStudy(k.id), data: study.data, model: study.model })}
            />
          ))}
        </Menu.Dropdown>
      </Menu>
      <span className={classes.tools}>
        <Tool label={t('study.undo')} disabled={past.length === 0} onClick={undo}>
          <IconArrowBackUp size={16} aria-hidden />
        </Tool>
        <Tool label={t('study.redo')} disabled={future.length === 0} onClick={redo}>
          <IconArrowForwardUp size={16} aria-hidden />
        </Tool>
        <Files />
      </span>
    </div>
  );
}
interface EntryProps {
  name: string;
  about: string;
  current: boolean;
  onClick(): void;
}
const Entry = ({ name, about, current, onClick }: EntryProps) => (
  <Menu.Item onClick={onClick} data-current={current || undefined}>
    <Text size="sm" fw={600}>
      {name}
    </Text>
    <Text size="xs" c="dimmed">
      {about}
    </Text>
  </Menu.Item>
);
interface ToolProps {
  label: string;
  disabled: boolean;
  onClick(): void;
  children: React.ReactNode;
}
const Tool = ({ label, children, ...rest }: ToolProps) => (
  <Tooltip label={label}>
    <ActionIcon size={26} aria-label={label} {...rest}>
      {children}
    </ActionIcon>
  </Tooltip>
);

function Files() {
  const { t } = useTranslation('lottery');
  const rows = useStudy((s) => s.shown.rows.length);
  const pick = useRef<() => void>(null);
  return (
    <>
      {/* Outside the menu: closing that one would take the file chooser with it. */}
      <FileButton
        accept="application/json,.json"
        onChange={(file) => file && void useBrought.getState().read(file)}
        inputProps={{ 'aria-label': t('study.open') }}
      >
        {({ onClick }) => {
          pick.current = onClick;
          return null;
        }}
      </FileButton>
      <Menu width={230} position="bottom-end">
        <Menu.Target>
          <ActionIcon size={26} aria-label={t('study.files')}>
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconFlask size={16} />}
            onClick={() => openInLab(useStudy.getState().study)}
          >
            {t('study.lab')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<IconDownload size={16} />} disabled={rows === 0} onClick={saveJson}>
            {t('study.json')}
          </Menu.Item>
          <Menu.Item leftSection={<IconFileTypeCsv size={16} />} disabled={rows === 0} onClick={saveCsv}>
            {t('study.csv')}
          </Menu.Item>
          <Menu.Item leftSection={<IconFolderOpen size={16} />} onClick={() => pick.current?.()}>
            {t('study.open')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
