/** One number large, what it is compared with below, and how it came about for whoever asks. */
import { Loader, Popover, Skeleton, Text, UnstyledButton } from '@mantine/core';
import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './tiles.module.css';

export interface TileProps {
  label: string;
  /** The large number; undefined while it is not known. */
  value?: string;
  /** Small print on the line of the number. */
  beside?: ReactNode;
  second?: ReactNode;
  /** Is the number being worked on? */
  busy?: boolean;
  /** Measured or computed, from what, and how. */
  about: ReactNode;
}
export function Tile({ label, value, beside, second, busy, about }: TileProps) {
  const { t } = useTranslation('charts');
  return (
    // biome-ignore lint/a11y/useSemanticElements: a tile is a labelled group of text, not of form fields.
    <div className={`w-card ${classes.tile}`} role="group" aria-label={label} aria-busy={busy || undefined}>
      <div className={classes.label}>
        <About label={label}>{about}</About>
        {busy && value !== undefined && <Loader size={10} role="img" aria-label={t('tiles.working')} />}
      </div>
      <div className={`${classes.value} ${busy ? classes.busy : ''}`}>
        {value ?? '–'} {beside}
      </div>
      <div className={classes.second}>
        {second ?? (busy ? <Skeleton height={8} mt={5} width="80%" /> : null)}
      </div>
    </div>
  );
}
/** The label opens it on click, so that it works with keyboard and finger too. */
const About = memo(function About({ label, children }: { label: string; children: ReactNode }) {
  const { t } = useTranslation('charts');
  return (
    <Popover width={300} position="bottom-start" shadow="md" withArrow trapFocus={false}>
      <Popover.Target>
        <UnstyledButton className={classes.about} aria-label={t('tiles.about', { label })}>
          {label}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <Text component="div" fz="xs" lh={1.5}>
          {children}
        </Text>
      </Popover.Dropdown>
    </Popover>
  );
});
