/** A value per layer that overrides the card's own; layers without one follow it. */
import { Checkbox } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { NumberParam } from '../../spec/params';
import classes from './controls.module.css';
import { Disclosure } from './Disclosure';
import { NumberControl } from './NumberControl';

interface Props {
  /** The parameter that is overridden: its range and unit hold here. */
  param: NumberParam;
  inherited: number;
  value: Readonly<Record<string, number>>;
  label: string;
  layers: readonly string[];
  disabled?: boolean;
  onChange: (value: Record<string, number>, commit: boolean) => void;
}
export function PerLayerControl({ param, inherited, value, label, layers, disabled, onChange }: Props) {
  const { t } = useTranslation();
  const without = (name: string) => Object.fromEntries(Object.entries(value).filter(([k]) => k !== name));
  return (
    <Disclosure label={label} open={Object.keys(value).length > 0}>
      <div className={classes.layers}>
        {layers.map((name) => {
          const own = Object.hasOwn(value, name);
          return (
            <div key={name}>
              <Checkbox
                size="xs"
                label={own ? name : `${name} · ${t('card.inherit')}`}
                aria-label={t('card.perLayer', { layer: name })}
                checked={own}
                disabled={disabled}
                onChange={() => onChange(own ? without(name) : { ...value, [name]: inherited }, true)}
              />
              {own && (
                <NumberControl
                  param={param}
                  value={value[name]}
                  label=""
                  name={t('card.layerValue', { layer: name })}
                  disabled={disabled}
                  onChange={(v, commit) => onChange({ ...value, [name]: v }, commit)}
                />
              )}
            </div>
          );
        })}
      </div>
    </Disclosure>
  );
}
