/** What all cards share: frame, title line with switch and menu, keyboard. */
import { ActionIcon, Menu, Switch } from '@mantine/core';
import {
  IconArrowDown,
  IconArrowUp,
  IconCopy,
  IconDotsVertical,
  IconPlayerTrackNext,
  IconRestore,
  IconTrash,
} from '@tabler/icons-react';
import { type KeyboardEvent, memo, type ReactNode, useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { cardsAt, splitCard } from '../../spec/path';
import { isMethod, type Step } from '../../spec/types';
import { useLab } from '../../store/lab';
import { useStructure } from '../charts/structure';
import { toastUndo } from '../shell/toasts';
import { numberOf } from './cards';
import classes from './recipe.module.css';

interface Props {
  at: string;
  step: Step;
  title: string;
  /** Beside the title. */
  lead?: ReactNode;
  status?: ReactNode;
  children?: ReactNode;
  onActivate?: () => void;
  active?: boolean;
}

/** Takes the card away and offers to bring it back. */
function useRemove(at: string, title: string) {
  const { t } = useTranslation();
  return useCallback(() => {
    useLab.getState().remove(at);
    toastUndo(t('card.removed', { title }), t('card.undo'), () => useLab.getState().undo());
  }, [at, title, t]);
}

/** Puts the focus on the card that is now at `at`, after React has drawn it there. */
const focusSoon = (at: string) =>
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-card="${at}"]`)?.focus());

export function CardFrame({ at, step, title, lead, status, children, onActivate, active }: Props) {
  const { t } = useTranslation();
  const number = numberOf(useStructure(), at);
  const remove = useRemove(at, title);
  const press = (e: KeyboardEvent<HTMLElement>) => {
    const lab = useLab.getState();
    if (e.altKey && (e.key === 'ArrowUp' || e.key === 'ArrowDown')) {
      e.preventDefault();
      e.stopPropagation();
      const by = e.key === 'ArrowUp' ? -1 : 1;
      const place = splitCard(at);
      const count = place ? (cardsAt(lab.experiment, place.list)?.length ?? 0) : 0;
      if (!place || place.index + by < 0 || place.index + by >= count) return;
      lab.move(at, by);
      focusSoon(`${place.list}.${place.index + by}`);
    }
    if (e.key === 'Delete' && e.target === e.currentTarget) {
      e.preventDefault();
      e.stopPropagation();
      remove();
    }
  };
  return (
    <section
      className={`w-card ${classes.card}`}
      aria-label={t('card.group', { number: String(number), title })}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a card is moved and deleted by keyboard, so it takes focus.
      tabIndex={0}
      data-card={at}
      data-off={step.off || undefined}
      data-active={active || undefined}
      onKeyDown={press}
      onFocusCapture={onActivate}
      onPointerDownCapture={onActivate}
    >
      <div className={classes.bar}>
        {lead}
        <div className={classes.right}>
          {status}
          <OnSwitch at={at} on={!step.off} title={title} />
          <CardMenu
            at={at}
            method={isMethod(step)}
            changed={isMethod(step) && step.with !== undefined}
            title={title}
            onRemove={remove}
          />
        </div>
      </div>
      {children}
    </section>
  );
}

const OnSwitch = memo(function OnSwitch({ at, on, title }: { at: string; on: boolean; title: string }) {
  const { t } = useTranslation();
  return (
    <Switch
      size="sm"
      aria-label={t('card.on', { title })}
      checked={on}
      onChange={(e) => useLab.getState().setOff(at, !e.currentTarget.checked)}
    />
  );
});

interface MenuProps {
  at: string;
  /** A method's card can be set back to its defaults, if it is not there already. */
  method: boolean;
  changed: boolean;
  title: string;
  onRemove: () => void;
}
const CardMenu = memo(function CardMenu({ at, method, changed, title, onRemove }: MenuProps) {
  const { t } = useTranslation();
  const place = splitCard(at);
  const count = useLab((s) => (place ? (cardsAt(s.experiment, place.list)?.length ?? 0) : 0));
  const lab = useLab.getState;
  const icon = { size: 15, 'aria-hidden': true } as const;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size="sm" aria-label={t('card.menu', { title })}>
          <IconDotsVertical {...icon} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconArrowUp {...icon} />}
          disabled={place?.index === 0}
          onClick={() => lab().move(at, -1)}
        >
          {t('card.up')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowDown {...icon} />}
          disabled={place?.index === count - 1}
          onClick={() => lab().move(at, 1)}
        >
          {t('card.down')}
        </Menu.Item>
        <Menu.Item leftSection={<IconCopy {...icon} />} onClick={() => lab().duplicate(at)}>
          {t('card.duplicate')}
        </Menu.Item>
        <Menu.Item leftSection={<IconPlayerTrackNext {...icon} />} onClick={() => lab().rerunFrom(at)}>
          {t('card.rerun')}
        </Menu.Item>
        {method && (
          <Menu.Item
            leftSection={<IconRestore {...icon} />}
            disabled={!changed}
            onClick={() => lab().reset(at)}
          >
            {t('card.reset')}
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item color="red" leftSection={<IconTrash {...icon} />} onClick={onRemove}>
          {t('card.delete')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
});
