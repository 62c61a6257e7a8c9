import { Switch } from '@mantine/core';
import classes from './controls.module.css';

interface Props {
  value: boolean;
  label: string;
  disabled?: boolean;
  onChange: (value: boolean) => void;
}
/** Yes or no. */
export function FlagControl({ value, label, disabled, onChange }: Props) {
  return (
    <Switch
      size="xs"
      labelPosition="left"
      classNames={{ body: classes.row, label: classes.label }}
      styles={{ labelWrapper: { flex: 1 } }}
      label={label}
      checked={value}
      disabled={disabled}
      onChange={(e) => onChange(e.currentTarget.checked)}
    />
  );
}
