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
import type { KeyboardEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { cardsAt, splitCard } from '../../spec/path';
import { isMethod, type Step } from '../../spec/types';
import { useLab } from '../../store/lab';
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
  return () => {
    useLab.getState().remove(at);
    toastUndo(t('card.removed', { title }), t('card.undo'), () => useLab.getState().undo());
  };
}

/** Puts the focus on the card that is now at `at`, after React has drawn it there. */
const focusSoon = (at: string) =>
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-card="${at}"]`)?.focus());

export function CardFrame({ at, step, title, lead, status, children, onActivate, active }: Props) {
  const { t } = useTranslation();
  const number = useLab((s) => numberOf(s.experiment, at));
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
          <Switch
            size="sm"
            aria-label={t('card.on', { title })}
            checked={!step.off}
            onChange={(e) => useLab.getState().setOff(at, !e.currentTarget.checked)}
          />
          <CardMenu at={at} step={step} title={title} onRemove={remove} />
        </div>
      </div>
      {children}
    </section>
  );
}

function CardMenu({
  at,
  step,
  title,
  onRemove,
}: {
  at: string;
  step: Step;
  title: string;
  onRemove: () => void;
}) {
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
        {isMethod(step) && (
          <Menu.Item
            leftSection={<IconRestore {...icon} />}
            disabled={!step.with}
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
}
