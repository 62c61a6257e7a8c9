/**
 * What a link says: assignments such as `recipe.1.sparsity=0.95` that turn a known experiment into another.
 *
 * Paths are property paths without `with`. Structure has four assignments of its own: `recipe.3.do=quantize` makes
 * (or appends) a method card, `recipe.3.repeat=5` a repeat, `recipe.3.fork=ticket,reinit` a fork with these arms
 * in this order, `recipe.length=2` drops what is below. An empty value takes a field away.
 */
import type { Catalog } from './catalog';
import { tableOf } from './catalog';
import type { Param, Params, ParamTable, ParamValue } from './params';
import { type Experiment, isFork, isMethod, isRepeat, type Step } from './types';

export interface Assignment {
  path: string;
  text: string;
}
/** On a method card these mean the card, so that a parameter of that name is written after `with.`. */
export const CARD_FIELDS: ReadonlySet<string> = new Set(['do', 'with', 'off', 'repeat', 'fork']);

/** Assignments that turn `from` into `to`; both without defaults in their cards. */
export function diff(from: Experiment, to: Experiment, catalog: Catalog): Assignment[] {
  const out: Assignment[] = [];
  const say = (path: string, value: number | string | boolean) => out.push({ path, text: textOf(value) });

  for (const field of ['data', 'model', 'replicates'] as const) {
    if (from[field] !== to[field]) say(field, to[field]);
  }
  for (const name of ['init', 'order', 'method'] as const) {
    if (from.seeds[name] !== to.seeds[name]) say(`seeds.${name}`, to.seeds[name]);
  }
  diffList(from.recipe, to.recipe, 'recipe');
  diffSweep();
  return out;

  function diffList(a: readonly Step[], b: readonly Step[], list: string): void {
    for (const [i, step] of b.entries()) diffStep(a[i], step, `${list}.${i}`);
    if (b.length < a.length) say(`${list}.length`, b.length);
  }
  function diffStep(a: Step | undefined, b: Step, at: string): void {
    const same = a !== undefined && kindOf(a) === kindOf(b) ? a : undefined;
    if (isMethod(b)) {
      if (!same) say(`${at}.do`, b.do);
      diffParams((same as typeof b)?.with ?? {}, b.with ?? {}, at, tableOf(catalog, b.do) ?? {});
    } else if (isRepeat(b)) {
      const old = same as typeof b | undefined;
      if (old?.repeat !== b.repeat) say(`${at}.repeat`, b.repeat);
      diffList(old?.steps ?? [], b.steps, `${at}.steps`);
    } else if (isFork(b)) {
      const arms = Object.keys(b.fork);
      const old = (same as typeof b)?.fork ?? {};
      if (!same || Object.keys(old).join() !== arms.join()) say(`${at}.fork`, arms.join());
      for (const arm of arms) diffList(old[arm] ?? [], b.fork[arm], `${at}.fork.${arm}`);
    }
    if ((same?.off ?? false) !== (b.off ?? false)) say(`${at}.off`, b.off ?? false);
  }
  function diffParams(a: Params, b: Params, at: string, table: ParamTable): void {
    for (const name of Object.keys({ ...a, ...b })) {
      const path = CARD_FIELDS.has(name) ? `${at}.with.${name}` : `${at}.${name}`;
      const fallback = (table[name] as Param | undefined)?.default as ParamValue | undefined;
      diffValue(a[name] ?? fallback, b[name] ?? fallback, path);
    }
  }
  function diffValue(a: ParamValue | undefined, b: ParamValue | undefined, path: string): void {
    if (b === undefined) say(path, '');
    else if (typeof b !== 'object') a !== b && say(path, b);
    else if (Array.isArray(b)) !(Array.isArray(a) && a.join() === b.join()) && say(path, b.join());
    else {
      const [old, now] = [(a ?? {}) as Record<string, number>, b as Record<string, number>];
      for (const key of Object.keys({ ...old, ...now })) {
        if (old[key] !== now[key]) say(`${path}.${key}`, now[key] ?? '');
      }
    }
  }
  function diffSweep(): void {
    if (!to.sweep) return void (from.sweep && say('sweep', ''));
    if (from.sweep?.at !== to.sweep.at) say('sweep.at', to.sweep.at);
    if (from.sweep?.param !== to.sweep.param) say('sweep.param', to.sweep.param);
    const values = to.sweep.values.map(textOf).join();
    if (from.sweep?.values.map(textOf).join() !== values) say('sweep.values', values);
  }
}

const kindOf = (step: Step): string =>
  isMethod(step) ? `do ${step.do}` : isRepeat(step) ? 'repeat' : 'fork';
/** `+` would be read as a space by some, and `1e21` says the same. */
export const textOf = (value: number | string | boolean): string =>
  typeof value === 'number' ? String(value === 0 ? 0 : value).replace('+', '') : String(value);
