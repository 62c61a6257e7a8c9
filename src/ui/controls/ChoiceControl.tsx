/** One of a few: segments while they fit, a menu beyond. */
import { SegmentedControl, Select } from '@mantine/core';
import { useId } from 'react';
import { useWords } from '../../i18n/words';
import type { ChoiceParam } from '../../spec/params';
import classes from './controls.module.css';

const MOST_SEGMENTS = 3;

interface Props {
  param: ChoiceParam;
  value: string;
  label: string;
  disabled?: boolean;
  onChange: (value: string) => void;
}
export function ChoiceControl({ param, value, label, disabled, onChange }: Props) {
  const words = useWords();
  const id = useId();
  const data = param.options.map((o) => ({ value: o, label: words.option(o) }));
  return (
    <div className={classes.row}>
      <span className={classes.label} id={id}>
        {label}
      </span>
      {param.options.length <= MOST_SEGMENTS && param.options.length > 1 ? (
        <SegmentedControl
          className={classes.segments}
          aria-labelledby={id}
          size="xs"
          data={data}
          value={value}
          disabled={disabled}
          onChange={onChange}
        />
      ) : (
        <Select
          aria-labelledby={id}
          size="xs"
          w={140}
          data={data}
          value={value}
          disabled={disabled}
          allowDeselect={false}
          onChange={(v) => v !== null && onChange(v)}
        />
      )}
    </div>
  );
}
