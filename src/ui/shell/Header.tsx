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
  IconStack2,
  IconSun,
} from '@tabler/icons-react';
import { Fragment, lazy, type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { presets, TOPICS } from '../../catalog';
import { currentLanguage, type Language, languages, speak } from '../../i18n';
import { VIEWS } from '../../spec/view';
import { useLab } from '../../store/lab';
import { openPreset } from '../../store/start';
import { useView } from '../../store/view';
import { DeviceMenu } from './DeviceMenu';
import { Logo } from './Logo';
import { Share } from './Share';
import classes from './shell.module.css';
import { useDark } from './useDark';

/** What studies need comes with their view. */
const ShareStudy = lazy(() => import('../lottery/ShareStudy').then((m) => ({ default: m.ShareStudy })));

export function Header({ onHelp }: { onHelp: () => void }) {
  const { t } = useTranslation();
  const view = useView((s) => s.view);
  const lab = view === 'lab';
  return (
    <header className={classes.header}>
      <h1 className={classes.brand}>
        <Logo />
        <span className={classes.brandname}>Winnow</span>
      </h1>
      <Views />
      {lab && (
        <>
          <PresetMenu />
          <Travel />
        </>
      )}
      <div className={classes.spacer} />
      <DeviceMenu />
      {lab && <Share />}
      {view === 'lottery' && (
        <Suspense fallback={null}>
          <ShareStudy />
        </Suspense>
      )}
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

/** The page has one view at a time; each has an address of its own. */
function Views() {
  const { t } = useTranslation('speed');
  const { view, go } = useView();
  return (
    <nav className={classes.views} aria-label={t('views.label')}>
      {VIEWS.map((one) => (
        <button
          key={one}
          type="button"
          className={classes.view}
          aria-current={one === view ? 'page' : undefined}
          onClick={() => go(one)}
        >
          {t(`views.${one}`)}
        </button>
      ))}
    </nav>
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
    <Menu width={340} position="bottom-start" classNames={{ dropdown: classes.presetlist }}>
      <Menu.Target>
        <Button
          className={classes.presets}
          aria-label={t('header.presets')}
          variant="subtle"
          color="gray"
          size="xs"
          h={32}
          px={8}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          <IconStack2 size={16} aria-hidden className={classes.narrow} />
          <span className={classes.wide}>{t('header.presets')}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {TOPICS.map((topic) => (
          <Fragment key={topic}>
            <Menu.Label>{t(`topics.${topic}`)}</Menu.Label>
            {presets
              .filter((preset) => preset.topic === topic)
              .map(({ id, title, description }) => (
                <Menu.Item key={id} onClick={() => openPreset(id)} data-current={id === current || undefined}>
                  <Text size="sm" fw={600}>
                    {t(title as 'presets.lenet-mnist.title')}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {t(description as 'presets.lenet-mnist.text')}
                  </Text>
                </Menu.Item>
              ))}
          </Fragment>
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

const LANGUAGES: Record<Language, string> = { en: 'EN', 'zh-CN': '中文' };

/** Both languages side by side; on a phone the one that is not spoken now. */
function LanguageSwitch() {
  const { t } = useTranslation();
  const other: Language = currentLanguage() === 'en' ? 'zh-CN' : 'en';
  return (
    <>
      <SegmentedControl
        className={classes.wide}
        size="xs"
        radius="xl"
        aria-label={t('header.language')}
        value={currentLanguage()}
        onChange={(v) => speak(v as Language)}
        data={languages.map((l) => ({ value: l, label: <span lang={l}>{LANGUAGES[l]}</span> }))}
      />
      <ActionIcon
        className={classes.narrow}
        size={32}
        lang={other}
        aria-label={LANGUAGES[other]}
        onClick={() => speak(other)}
      >
        <span className={classes.tongue}>{LANGUAGES[other]}</span>
      </ActionIcon>
    </>
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
