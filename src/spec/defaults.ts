/** Defaults in one place: filling them in for execution, taking them out for links and hashes. */
import { type Catalog, tableOf } from './catalog';
import type { Param, Params, ParamTable, ParamValue, ValuesOf } from './params';
import { type Experiment, isFork, isMethod, isRepeat, type MethodStep, type Seeds, type Step } from './types';

export const DEFAULT_DATA = 'mnist';
export const DEFAULT_MODEL = 'lenet-300-100';
export const DEFAULT_SEEDS: Readonly<Seeds> = { init: 1, order: 1, method: 1 };
export const DEFAULT_REPLICATES = 1;

/** An experiment that does nothing yet: default data, model and seeds, empty recipe. */
export const defaultExperiment = (): Experiment => ({
  v: 1,
  data: DEFAULT_DATA,
  model: DEFAULT_MODEL,
  recipe: [],
  seeds: { ...DEFAULT_SEEDS },
  replicates: DEFAULT_REPLICATES,
});

/** Arrays and records are copied, so that nobody can change a table's default through a value. */
const copy = (value: ParamValue): ParamValue =>
  Array.isArray(value)
    ? [...value]
    : typeof value === 'object'
      ? { ...(value as Record<string, number>) }
      : value;

/** Every value of the table: those given, the default otherwise. Fields that are not in the table are dropped. */
export function withDefaults<T extends ParamTable>(table: T, partial: Params = {}): ValuesOf<T> {
  const entries = Object.entries(table).map(([name, param]) => {
    const given = Object.hasOwn(partial, name) ? partial[name] : undefined;
    return [name, copy(given ?? (param.default as ParamValue))];
  });
  return Object.fromEntries(entries) as ValuesOf<T>;
}

/** All parameter values of a card, defaults included; `{}` for a method that the catalog does not know. */
export const valuesOf = (step: MethodStep, catalog: Catalog): Params =>
  withDefaults(tableOf(catalog, step.do) ?? {}, step.with) as Params;

/** True when the value means the same as the default (a set of layers has no order). */
export function isDefault(param: Param, value: ParamValue): boolean {
  if (param.kind === 'layers') return sameSet(param.default, value as readonly string[]);
  if (param.kind === 'perLayer') return sameRecord(param.default, value as Record<string, number>);
  return value === param.default;
}
const sameSet = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((name) => b.includes(name));
const sameRecord = (a: Record<string, number>, b: Record<string, number>) =>
  Object.keys(a).length === Object.keys(b).length && Object.keys(a).every((key) => a[key] === b[key]);

/** Only what differs from the table's defaults; undefined when nothing does. Unknown fields stay. */
export function stripParams(table: ParamTable, values: Params = {}): Params | undefined {
  const kept = Object.entries(values).filter(
    ([name, value]) => !(Object.hasOwn(table, name) && isDefault(table[name], value)),
  );
  return kept.length ? Object.fromEntries(kept) : undefined;
}

function stripStep(step: Step, catalog: Catalog): Step {
  const off = step.off ? { off: true as const } : {};
  const all = (steps: Step[]) => steps.map((s) => stripStep(s, catalog));
  if (isRepeat(step)) return { repeat: step.repeat, steps: all(step.steps), ...off };
  if (isFork(step)) {
    const arms = Object.entries(step.fork).map(([name, steps]) => [name, all(steps)]);
    return { fork: Object.fromEntries(arms), ...off };
  }
  const kept = stripParams(tableOf(catalog, step.do) ?? {}, step.with);
  return { do: step.do, ...(kept && { with: kept }), ...off };
}

/** The same experiment with nothing in its cards that only repeats a default. */
export const stripDefaults = (experiment: Experiment, catalog: Catalog): Experiment => ({
  ...experiment,
  recipe: experiment.recipe.map((step) => stripStep(step, catalog)),
});

/** The same experiment with every parameter of every known method spelled out. */
export function fillDefaults(experiment: Experiment, catalog: Catalog): Experiment {
  const fill = (step: Step): Step => {
    if (isMethod(step)) return tableOf(catalog, step.do) ? { ...step, with: valuesOf(step, catalog) } : step;
    if (isRepeat(step)) return { ...step, steps: step.steps.map(fill) };
    const arms = Object.entries(step.fork).map(([name, steps]) => [name, steps.map(fill)]);
    return { ...step, fork: Object.fromEntries(arms) };
  };
  return { ...experiment, recipe: experiment.recipe.map(fill) };
}
