import {
  ActionIcon,
  Button,
  Menu,
  SegmentedControl,
  Text,
  Tooltip,
  useMantineColorScheme,
} from '@mantine/core';
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconChevronDown,
  IconKeyboard,
  IconMoon,
  IconSun,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { presets } from '../../catalog';
import { currentLanguage, type Language, speak } from '../../i18n';
import { useLab } from '../../store/lab';
import { openPreset } from '../../store/start';
import { DeviceMenu } from './DeviceMenu';
import { Logo } from './Logo';
import { Share } from './Share';
import classes from './shell.module.css';
import { useDark } from './useDark';

export function Header({ onHelp }: { onHelp: () => void }) {
  const { t } = useTranslation();
  return (
    <header className={classes.header}>
      <h1 className={classes.brand}>
        <Logo />
        Winnow
      </h1>
      <PresetMenu />
      <Travel />
      <div className={classes.spacer} />
      <DeviceMenu />
      <Share />
      <LanguageSwitch />
      <ThemeToggle />
      <span className={classes.wide}>
        <Icon label={t('header.help')} onClick={onHelp}>
          <IconKeyboard size={18} aria-hidden />
        </Icon>
      </span>
    </header>
  );
}

interface IconProps {
  label: string;
  onClick: () => void;
  disabled?: boolean;
  children: ReactNode;
}
function Icon({ label, onClick, disabled, children }: IconProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon size={32} className={classes.icon} aria-label={label} onClick={onClick} disabled={disabled}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

function PresetMenu() {
  const { t } = useTranslation();
  const current = useLab((s) => s.preset);
  return (
    <Menu width={320} position="bottom-start">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="xs"
          h={32}
          px={8}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          {t('header.presets')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {presets.map(({ id, title, description }) => (
          <Menu.Item key={id} onClick={() => openPreset(id)} data-current={id === current || undefined}>
            <Text size="sm" fw={600}>
              {t(title as 'presets.lenet-mnist.title')}
            </Text>
            <Text size="xs" c="dimmed">
              {t(description as 'presets.lenet-mnist.text')}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Undo and redo. */
function Travel() {
  const { t } = useTranslation();
  const past = useLab((s) => s.past.length > 0);
  const future = useLab((s) => s.future.length > 0);
  const { undo, redo } = useLab.getState();
  return (
    <span style={{ display: 'flex' }}>
      <Icon label={t('header.undo')} onClick={undo} disabled={!past}>
        <IconArrowBackUp size={18} aria-hidden />
      </Icon>
      <Icon label={t('header.redo')} onClick={redo} disabled={!future}>
        <IconArrowForwardUp size={18} aria-hidden />
      </Icon>
    </span>
  );
}

function LanguageSwitch() {
  const { t } = useTranslation();
  return (
    <SegmentedControl
      size="xs"
      radius="xl"
      aria-label={t('header.language')}
      value={currentLanguage()}
      onChange={(v) => speak(v as Language)}
      data={[
        { value: 'en', label: <span lang="en">EN</span> },
        { value: 'zh-CN', label: <span lang="zh-CN">中文</span> },
      ]}
    />
  );
}

function ThemeToggle() {
  const { t } = useTranslation();
  const { setColorScheme } = useMantineColorScheme();
  const dark = useDark();
  return (
    <Icon
      label={t(dark ? 'header.light' : 'header.dark')}
      onClick={() => setColorScheme(dark ? 'light' : 'dark')}
    >
      {dark ? <IconSun size={18} aria-hidden /> : <IconMoon size={18} aria-hidden />}
    </Icon>
  );
}
