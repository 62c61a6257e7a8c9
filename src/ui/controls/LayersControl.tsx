import { Chip, Group } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './controls.module.css';

interface Props {
  value: readonly string[];
  label: string;
  /** Names to choose from. */
  layers: readonly string[];
  disabled?: boolean;
  onChange: (value: string[]) => void;
}
/** A set of layers; the empty set means all of them and says so. */
export function LayersControl({ value, label, layers, disabled, onChange }: Props) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <div className={classes.row}>
      <span className={classes.label} id={id}>
        {label}
        {value.length === 0 && ` (${t('card.allLayers')})`}
      </span>
      {/* A name of another network has no chip: it goes with the first change. */}
      <Chip.Group
        multiple
        value={[...value]}
        onChange={(names) => onChange(names.filter((name) => layers.includes(name)))}
      >
        <Group gap={4} role="group" aria-labelledby={id}>
          {layers.map((name) => (
            <Chip key={name} value={name} size="xs" radius="sm" disabled={disabled}>
              {name}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
    </div>
  );
}
