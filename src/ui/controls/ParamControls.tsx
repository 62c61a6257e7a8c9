/** All controls of a method, made from its parameter table and nothing else. */
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useWords } from '../../i18n/words';
import type { NumberParam, Param, Params, ParamTable, ParamValue } from '../../spec/params';
import { ChoiceControl } from './ChoiceControl';
import { CriterionControl } from './CriterionControl';
import classes from './controls.module.css';
import { criteriaOf } from './criteria';
import { Disclosure } from './Disclosure';
import { FileControl } from './FileControl';
import { FlagControl } from './FlagControl';
import { LayersControl } from './LayersControl';
import { NumberControl } from './NumberControl';
import { PerLayerControl } from './PerLayerControl';

interface Props {
  table: ParamTable;
  values: Params;
  layers: readonly string[];
  /** Of these, names that stand for several layers: whose units go together. */
  coupled?: Readonly<Record<string, readonly string[]>>;
  /** Accessible name of a slider with this label. */
  nameOf: (label: string) => string;
  hints?: Readonly<Record<string, string | undefined>>;
  disabled?: boolean;
  onChange: (name: string, value: ParamValue, commit: boolean) => void;
}

/** Whether the parameter means anything while its siblings are as they are. */
export function applies(param: Param, values: Params): boolean {
  return Object.entries(param.when ?? {}).every(([name, wanted]) =>
    Array.isArray(wanted) ? wanted.includes(values[name]) : values[name] === wanted,
  );
}

export function ParamControls(props: Props) {
  const { table, values, layers, coupled, nameOf, hints, disabled, onChange } = props;
  const { t } = useTranslation();
  const words = useWords();
  const shown = Object.entries(table).filter(([, param]) => applies(param, values));
  const plain = shown.filter(([, param]) => !param.advanced);
  const advanced = shown.filter(([, param]) => param.advanced);
  const one = ([name, param]: [string, Param]) => {
    const label = words.param(param.label);
    const overridden = param.kind === 'perLayer' ? param.of : undefined;
    return (
      <Control
        key={name}
        id={name}
        param={param}
        value={values[name]}
        base={overridden === undefined ? undefined : (table[overridden] as NumberParam)}
        inherited={overridden === undefined ? undefined : (values[overridden] as number)}
        layers={layers}
        coupled={coupled}
        images={criteriaOf(param) && (values.images as number | undefined)}
        label={label}
        name={nameOf(label)}
        hint={hints?.[name]}
        disabled={disabled}
        onChange={onChange}
      />
    );
  };
  return (
    <div className={classes.stack}>
      {plain.map(one)}
      {advanced.length > 0 && <Disclosure label={t('card.more')}>{advanced.map(one)}</Disclosure>}
    </div>
  );
}

interface ControlProps extends Pick<Props, 'layers' | 'coupled' | 'disabled' | 'onChange'> {
  /** Name of the parameter. */
  id: string;
  param: Param;
  value: ParamValue;
  /** The parameter that a value per layer overrides, and what that one stands at. */
  base?: NumberParam;
  inherited?: number;
  /** Beside a criterion: how many images are behind it. */
  images?: number;
  label: string;
  /** Accessible name, where it needs more than the label. */
  name: string;
  hint?: string;
}
/** Drawn anew for its own value only. */
const Control = memo(function Control(props: ControlProps) {
  const {
    id,
    param,
    value,
    base,
    inherited,
    layers,
    coupled,
    images,
    label,
    name,
    hint,
    disabled,
    onChange,
  } = props;
  const common = { label, disabled };
  switch (param.kind) {
    case 'number':
      return (
        <NumberControl
          {...common}
          param={param}
          value={value as number}
          name={name}
          hint={hint}
          onChange={(v, commit) => onChange(id, v, commit)}
        />
      );
    case 'choice': {
      const criteria = criteriaOf(param);
      if (criteria) {
        return (
          <CriterionControl
            {...common}
            criteria={criteria}
            value={value as string}
            images={images}
            onChange={(v) => onChange(id, v, true)}
          />
        );
      }
      return (
        <ChoiceControl
          {...common}
          param={param}
          value={value as string}
          onChange={(v) => onChange(id, v, true)}
        />
      );
    }
    case 'flag':
      return <FlagControl {...common} value={value as boolean} onChange={(v) => onChange(id, v, true)} />;
    case 'file':
      return <FileControl {...common} value={value as string} onChange={(v) => onChange(id, v, true)} />;
    case 'perLayer':
      return (
        <PerLayerControl
          {...common}
          id={id}
          param={base as NumberParam}
          inherited={inherited as number}
          value={value as Record<string, number>}
          layers={layers}
          coupled={coupled}
          onChange={(v, commit) => onChange(id, v, commit)}
        />
      );
    case 'layers':
      return (
        <LayersControl
          {...common}
          value={value as string[]}
          layers={layers}
          onChange={(v) => onChange(id, v, true)}
        />
      );
  }
});
