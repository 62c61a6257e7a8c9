/** All controls of a method, made from its parameter table and nothing else. */
import { useTranslation } from 'react-i18next';
import { useWords } from '../../i18n/words';
import type { NumberParam, Param, Params, ParamTable, ParamValue } from '../../spec/params';
import { ChoiceControl } from './ChoiceControl';
import classes from './controls.module.css';
import { Disclosure } from './Disclosure';
import { FlagControl } from './FlagControl';
import { LayersControl } from './LayersControl';
import { NumberControl } from './NumberControl';
import { PerLayerControl } from './PerLayerControl';

interface Props {
  table: ParamTable;
  values: Params;
  layers: readonly string[];
  /** Accessible name of a slider with this label. */
  nameOf: (label: string) => string;
  hints?: Readonly<Record<string, string | undefined>>;
  disabled?: boolean;
  onChange: (name: string, value: ParamValue, commit: boolean) => void;
}

/** Whether the parameter means anything while its siblings are as they are. */
function applies(param: Param, values: Params): boolean {
  return Object.entries(param.when ?? {}).every(([name, wanted]) =>
    Array.isArray(wanted) ? wanted.includes(values[name]) : values[name] === wanted,
  );
}

export function ParamControls(props: Props) {
  const { table, values } = props;
  const { t } = useTranslation();
  const shown = Object.entries(table).filter(([, param]) => applies(param, values));
  const plain = shown.filter(([, param]) => !param.advanced);
  const advanced = shown.filter(([, param]) => param.advanced);
  const one = ([name, param]: [string, Param]) => <Control key={name} name={name} param={param} {...props} />;
  return (
    <div className={classes.stack}>
      {plain.map(one)}
      {advanced.length > 0 && <Disclosure label={t('card.more')}>{advanced.map(one)}</Disclosure>}
    </div>
  );
}

function Control({
  name,
  param,
  table,
  values,
  layers,
  nameOf,
  hints,
  disabled,
  onChange,
}: Props & { name: string; param: Param }) {
  const label = useWords().param(param.label);
  const common = { label, disabled };
  const value = values[name];
  switch (param.kind) {
    case 'number':
      return (
        <NumberControl
          {...common}
          param={param}
          value={value as number}
          name={nameOf(label)}
          hint={hints?.[name]}
          onChange={(v, commit) => onChange(name, v, commit)}
        />
      );
    case 'choice':
      return (
        <ChoiceControl
          {...common}
          param={param}
          value={value as string}
          onChange={(v) => onChange(name, v, true)}
        />
      );
    case 'flag':
      return <FlagControl {...common} value={value as boolean} onChange={(v) => onChange(name, v, true)} />;
    case 'perLayer':
      return (
        <PerLayerControl
          {...common}
          param={table[param.of] as NumberParam}
          inherited={values[param.of] as number}
          value={value as Record<string, number>}
          layers={layers}
          onChange={(v, commit) => onChange(name, v, commit)}
        />
      );
    case 'layers':
      return (
        <LayersControl
          {...common}
          value={value as string[]}
          layers={layers}
          onChange={(v) => onChange(name, v, true)}
        />
      );
  }
}
