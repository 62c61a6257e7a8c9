/** One number large, what it is compared with below, and how it came about for whoever asks. */
import { ActionIcon, Loader, Popover, Skeleton, Text } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './tiles.module.css';

export interface TileProps {
  label: string;
  /** The large number; undefined while it is not known. */
  value?: string;
  /** Small print after the number. */
  unit?: string;
  second?: ReactNode;
  /** Is the number being worked on? */
  busy?: boolean;
  /** Measured or computed, from what, and how. */
  about: ReactNode;
}
export function Tile({ label, value, unit, second, busy, about }: TileProps) {
  const { t } = useTranslation('charts');
  const id = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a tile is a labelled group of text, not of form fields.
    <div className={`w-card ${classes.tile}`} role="group" aria-label={label} aria-busy={busy || undefined}>
      <div className={classes.label}>
        <span id={id}>{label}</span>
        <span style={{ display: 'inline-flex', gap: 4, alignItems: 'center' }}>
          {busy && value !== undefined && <Loader size={10} aria-label={t('tiles.working')} />}
          <About label={label}>{about}</About>
        </span>
      </div>
      <div className={`${classes.value} ${busy ? classes.busy : ''}`}>
        {value ?? '–'}
        {value !== undefined && unit && <span className={classes.unit}> {unit}</span>}
      </div>
      <div className={classes.second}>
        {second ?? (busy ? <Skeleton height={8} mt={5} width="80%" /> : null)}
      </div>
    </div>
  );
}
/** Opens on click, so that it works with keyboard and finger too. */
function About({ label, children }: { label: string; children: ReactNode }) {
  const { t } = useTranslation('charts');
  return (
    <Popover width={300} position="bottom-end" shadow="md" withArrow trapFocus={false}>
      <Popover.Target>
        <ActionIcon size={18} variant="transparent" color="gray" aria-label={t('tiles.about', { label })}>
          <IconInfoCircle size={14} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Text component="div" fz="xs" lh={1.5}>
          {children}
        </Text>
      </Popover.Dropdown>
    </Popover>
  );
}
