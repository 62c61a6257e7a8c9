import { Collapse, UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useId, useState } from 'react';
import classes from './controls.module.css';

interface Props {
  label: string;
  open?: boolean;
  children: ReactNode;
}
/** A line that unfolds what most people do not need. */
export function Disclosure({ label, open = false, children }: Props) {
  const [expanded, setExpanded] = useState(open);
  const id = useId();
  return (
    <div>
      <UnstyledButton
        className={classes.disclosure}
        aria-expanded={expanded}
        aria-controls={id}
        onClick={() => setExpanded(!expanded)}
      >
        <IconChevronRight size={13} className={classes.chevron} aria-hidden />
        {label}
      </UnstyledButton>
      <Collapse id={id} expanded={expanded} keepMounted={false} transitionDuration={120}>
        <div className={classes.stack}>{children}</div>
      </Collapse>
    </div>
  );
}
