/**
 * Older formats, brought up to date one version at a time. A migration is a pure function of plain JSON, never
 * edited once released: it must not use schemas, defaults or types that will change later. It renames and
 * restructures; judging values is the schema's work.
 */
import type { Problem } from './problem';
import { newerVersion, wrongType } from './refusals';

export const VERSION = 1;

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Moves `from` to `to` unless the new name is there already. */
function rename(object: Json, from: string, to: string): Json {
  if (!Object.hasOwn(object, from) || Object.hasOwn(object, to)) return object;
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key === from ? to : key, value]));
}
/** Applies `change` to every method card, at any depth. */
function mapCards(steps: unknown, change: (card: Json) => Json): unknown {
  if (!Array.isArray(steps)) return steps;
  return steps.map((step) => {
    if (!isObject(step)) return step;
    if ('do' in step) return change(step);
    if (isObject(step.fork)) {
      const arms = Object.entries(step.fork).map(([arm, inner]) => [arm, mapCards(inner, change)]);
      return { ...step, fork: Object.fromEntries(arms) };
    }
    return 'steps' in step ? { ...step, steps: mapCards(step.steps, change) } : step;
  });
}

/** v0, the format's first sketch: one `seed` for everything, and prune's fraction was called `amount`. */
function from0({ v: _, seed, ...old }: Json): Json {
  const seeds =
    seed === undefined || 'seeds' in old ? {} : { seeds: { init: seed, order: seed, method: seed } };
  const prune = (card: Json) =>
    card.do === 'prune' && isObject(card.with)
      ? { ...card, with: rename(card.with, 'amount', 'sparsity') }
      : card;
  const sweep =
    isObject(old.sweep) && old.sweep.param === 'amount' ? { ...old.sweep, param: 'sparsity' } : old.sweep;
  return {
    v: 1,
    ...old,
    ...seeds,
    ...('recipe' in old && { recipe: mapCards(old.recipe, prune) }),
    ...('sweep' in old && { sweep }),
  };
}

/** `migrations[n]` turns version n into n + 1. */
export const migrations: readonly ((old: Json) => Json)[] = [from0];

/** The document in the current format. A document without `v` is of version 0. */
export function migrate(raw: unknown): { ok: true; document: unknown } | { ok: false; problems: Problem[] } {
  if (!isObject(raw)) return { ok: true, document: raw };
  const v = Object.hasOwn(raw, 'v') ? raw.v : 0;
  if (typeof v !== 'number' || !Number.isInteger(v) || v < 0) {
    return { ok: false, problems: [wrongType('v', `a format version (0 to ${VERSION})`, v)] };
  }
  if (v > VERSION) return { ok: false, problems: [newerVersion('v', VERSION, v)] };
  return { ok: true, document: migrations.slice(v).reduce((document, step) => step(document), raw) };
}
