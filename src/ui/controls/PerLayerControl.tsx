/** A value per layer that overrides the card's own; layers without one follow it. */
import { Checkbox } from '@mantine/core';
import { useContext } from 'react';
import { useTranslation } from 'react-i18next';
import type { NumberParam } from '../../spec/params';
import { CardPlace } from '../search/place';
import { Curve, CurvesStatus } from '../search/Sensitivity';
import searchClasses from '../search/search.module.css';
import { useCurves } from '../search/useCurves';
import classes from './controls.module.css';
import { Disclosure } from './Disclosure';
import { NumberControl } from './NumberControl';

interface Props {
  /** Name of the parameter. */
  id: string;
  /** The parameter that is overridden: its range and unit hold here. */
  param: NumberParam;
  inherited: number;
  value: Readonly<Record<string, number>>;
  label: string;
  layers: readonly string[];
  /** Names that stand for several layers, whose units go together. */
  coupled?: Readonly<Record<string, readonly string[]>>;
  disabled?: boolean;
  onChange: (value: Record<string, number>, commit: boolean) => void;
}
export function PerLayerControl(props: Props) {
  return (
    <Disclosure label={props.label} open={Object.keys(props.value).length > 0}>
      <Layers {...props} />
    </Disclosure>
  );
}

/** Only there while unfolded: what each layer can take is then measured in the background. */
function Layers({ id, param, inherited, value, layers, coupled, disabled, onChange }: Props) {
  const { t } = useTranslation();
  const curves = useCurves(useContext(CardPlace), id, layers);
  const without = (name: string) => Object.fromEntries(Object.entries(value).filter(([k]) => k !== name));
  return (
    <div className={classes.layers}>
      {curves && <CurvesStatus of={curves} param={param} layers={layers} />}
      {layers.map((name) => {
        const own = Object.hasOwn(value, name);
        const curve = { curves: curves?.curves, layer: name, param };
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
            {coupled?.[name] && (
              <div className={classes.coupled}>
                {t('card.coupled', { layers: coupled[name].join(' + ') })}
              </div>
            )}
            {own ? (
              <NumberControl
                param={param}
                value={value[name]}
                label=""
                name={t('card.layerValue', { layer: name })}
                behind={curves && <Curve {...curve} />}
                disabled={disabled}
                onChange={(v, commit) => onChange({ ...value, [name]: v }, commit)}
              />
            ) : (
              curves?.curves && (
                <div className={searchClasses.strip}>
                  <Curve {...curve} inherited={inherited} />
                </div>
              )
            )}
          </div>
        );
      })}
    </div>
  );
}
