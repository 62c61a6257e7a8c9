/** A method's card: made from its parameter table, whatever the method. */
import { Collapse, UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { memo, useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { methodOf, paramsOf } from '../../catalog';
import { sayProblem } from '../../i18n/problem';
import { useWords, words } from '../../i18n/words';
import type { Method } from '../../methods/types';
import type { NumberParam, Param, Params, ParamTable, ParamValue } from '../../spec/params';
import type { MethodStep } from '../../spec/types';
import { useLab } from '../../store/lab';
import { isTop, perLayerOf } from '../../store/search-lines';
import { useStructure } from '../charts/structure';
import { applies, ParamControls } from '../controls/ParamControls';
import { shown } from '../controls/units';
import { FindSettings } from '../search/FindSettings';
import { CardPlace } from '../search/place';
import { CardFrame } from './CardFrame';
import { coupledIn, namesFor, numberOf, titleOfCard, twins } from './cards';
import { FormulaButton } from './FormulaButton';
import { hintsFor } from './hints';
import { Notes } from './Notes';
import { OnCpu } from './OnCpu';
import classes from './recipe.module.css';
import { Status, ThinProgress } from './Status';
import { useArchs } from './useArchs';

/** Values of the plain parameters in one line: `2,000 steps · Adam · 0.0012`. */
function summary(table: ParamTable, values: Params): string {
  const parts = Object.entries(table).flatMap(([id, param]) => {
    const value = values[id];
    if (param.advanced || param.when) return [];
    if (param.kind === 'number') {
      const unit = words.unit(param.unit);
      // A number alone, without a unit, says nothing: its name goes in front.
      const name = unit || Object.keys(table).length > 1 ? '' : `${words.param(param.label)} `;
      return [`${name}${shown(value as number, param)}${unit ? ` ${unit}` : ''}`];
    }
    return param.kind === 'choice' ? [words.option(value as string)] : [];
  });
  return parts.join(' · ');
}
/** Off cards show their big slider only: moving it switches them on. */
const sliderOnly = (method: Method): ParamTable =>
  method.slider ? { [method.slider]: method.params[method.slider] } : {};

/**
 * The parameter with values per layer, and the one that they override; of methods that need no training, while the
 * card's other values give it a meaning.
 */
function variedOf({ id, params }: Method, values: Params): { name: string; param: NumberParam } | undefined {
  const name = perLayerOf(id);
  const found: Param | undefined = name === undefined ? undefined : params[name];
  if (name === undefined || found?.kind !== 'perLayer' || !applies(found, values)) return undefined;
  return { name, param: params[found.of] };
}

/** Which file it is is all that such a card says. */
const takesFile = (method?: Method): boolean =>
  Object.values<Param>(method?.params ?? {}).some(({ kind }) => kind === 'file');

export const MethodCard = memo(function MethodCard({ at, step }: { at: string; step: MethodStep }) {
  const { t } = useTranslation();
  useWords();
  const experiment = useStructure();
  const active = useLab((s) => s.active === at);
  const method = methodOf(step.do);
  const [expanded, setExpanded] = useState(method?.slider !== undefined || takesFile(method));
  const archs = useArchs(experiment, at);
  const layers = useMemo(() => namesFor(step.do, archs.before), [archs, step.do]);
  const coupled = useMemo(() => coupledIn(step.do, archs.before), [archs, step.do]);
  const { off } = step;
  const change = useCallback(
    (name: string, value: ParamValue, commit: boolean) => {
      if (off) useLab.getState().setOff(at, false);
      useLab.getState().setParam(at, name, value, commit);
    },
    [at, off],
  );
  if (!method) return null;

  const lab = useLab.getState;
  const title = titleOfCard(experiment, at, step);
  const values = paramsOf(step);
  const table: ParamTable = step.off ? sliderOnly(method) : method.params;
  const varied = variedOf(method, values);
  const foldable = !method.slider && Object.keys(method.params).length > 0;
  const open = !foldable || (expanded && !step.off);
  const alone = active || twins(experiment, step.do).length === 1;
  const nameOf = (label: string) =>
    alone ? label : t('card.nth', { label, number: String(numberOf(experiment, at)) });
  const heading = <span className={classes.name}>{title}</span>;

  return (
    <CardFrame
      at={at}
      step={step}
      title={title}
      active={active && method.slider !== undefined && !step.off}
      onActivate={method.slider && !step.off ? () => lab().setActive(at) : undefined}
      status={<Status at={at} step={step} live={method.live} />}
      lead={
        <>
          {foldable && !step.off ? (
            <UnstyledButton
              className={classes.expand}
              aria-expanded={expanded}
              aria-label={t('card.expand', { title })}
              onClick={() => setExpanded(!expanded)}
            >
              {heading}
              <IconChevronRight size={14} aria-hidden />
            </UnstyledButton>
          ) : (
            heading
          )}
          <FormulaButton method={method} title={title} />
        </>
      }
    >
      {foldable && !open && <div className={classes.summary}>{summary(method.params, values)}</div>}
      <Collapse expanded={open} keepMounted={false} transitionDuration={120}>
        <div className={classes.body}>
          <CardPlace value={at}>
            <ParamControls
              table={table}
              values={values}
              layers={layers}
              coupled={coupled}
              nameOf={nameOf}
              hints={hintsFor(archs.before, step.do, values)}
              onChange={change}
            />
          </CardPlace>
          {varied && isTop(at) && !step.off && layers.length > 0 && (
            <FindSettings at={at} name={varied.name} param={varied.param} layers={layers} />
          )}
        </div>
      </Collapse>
      <Fault at={at} />
      {!step.off && <OnCpu method={method} />}
      {!step.off && <Notes at={at} title={title} />}
      <ThinProgress at={at} />
    </CardFrame>
  );
});

/** Why the card failed, on the card itself. */
function Fault({ at }: { at: string }) {
  const problem = useLab((s) =>
    s.cards[at] === 'failed'
      ? s.problems.find((p) => p.path === at || p.path.startsWith(`${at}.`))
      : undefined,
  );
  return problem ? (
    <div className={classes.fault} role="alert">
      {sayProblem(problem)}
    </div>
  ) : null;
}
