/** One number: visible label, editable value with its unit, slider. */
import { NumberInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useWords } from '../../i18n/words';
import type { NumberParam } from '../../spec/params';
import { snap } from '../../spec/warp';
import classes from './controls.module.css';
import { Range } from './Range';
import { decimalsOf, factorOf, shown, suffixOf } from './units';

interface Props {
  param: NumberParam;
  value: number;
  label: string;
  /** Accessible name of the slider; the label unless several cards have the same one. */
  name?: string;
  hint?: ReactNode;
  /** Drawn above the slider's rail, along the same track. */
  behind?: ReactNode;
  disabled?: boolean;
  onChange: (value: number, commit: boolean) => void;
}

export function NumberControl({
  param,
  value,
  label,
  name = label,
  hint,
  behind,
  disabled,
  onChange,
}: Props) {
  const { t } = useTranslation();
  const words = useWords();
  const factor = factorOf(param.unit);
  const unit = suffixOf(param.unit) || words.unit(param.unit);
  const enter = (text: string | number) => {
    const typed = Number(text) / factor;
    if (text === '' || !Number.isFinite(typed)) return;
    const next = param.scale === 'log' ? clamp(typed, param) : snap(typed, param);
    if (next !== value) onChange(next, true);
  };
  return (
    <div className={classes.number}>
      <div className={classes.head}>
        <span className={classes.label}>{label}</span>
        {hint && <span className={classes.hint}>{hint}</span>}
        <NumberInput
          aria-label={t('card.value', { label: name })}
          classNames={{ root: classes.field, input: classes.input }}
          variant="unstyled"
          size="xs"
          hideControls
          thousandSeparator=","
          value={Number((value * factor).toPrecision(12))}
          min={param.min * factor}
          max={param.max * factor}
          step={param.step * factor}
          decimalScale={Math.max(decimalsOf(param), param.integer ? 0 : 2)}
          allowDecimal={!param.integer}
          clampBehavior="blur"
          suffix={unit ? `\u202f${unit}` : ''}
          disabled={disabled}
          selectAllOnFocus
          onBlur={(e) => enter(numeric(e.currentTarget.value, unit))}
          onKeyDown={(e) => e.key === 'Enter' && enter(numeric(e.currentTarget.value, unit))}
        />
      </div>
      <Range
        track={param}
        value={value}
        name={name}
        valueText={shown(value, param)}
        disabled={disabled}
        behind={behind}
        onChange={onChange}
      />
    </div>
  );
}
const numeric = (text: string, unit: string) => text.replace(unit, '').replace(/[,\s\u202f]/g, '');
const clamp = (x: number, { min, max, integer }: NumberParam) =>
  Math.min(max, Math.max(min, integer ? Math.round(x) : x));
