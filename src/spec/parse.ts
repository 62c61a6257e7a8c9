/** From anything at all to a valid experiment, or to the list of everything that is wrong with it. */
import type { z } from 'zod';
import { canonicalJson } from './canonical';
import { type Catalog, tableOf } from './catalog';
import { guardRecipe, guardShape, guardSize } from './guard';
import { type AllowedAt, type Found, toFound } from './issues';
import { migrate } from './migrate';
import type { NumberParam } from './params';
import { parsePath, valueAt, walkCards } from './path';
import { type Problem, WinnowError } from './problem';
import { noSuchCard, notInteger, outOfRange, unknownChoice } from './refusals';
import { experimentSchema } from './schema';
import { type Experiment, isMethod, type Sweep } from './types';

export type Parsed = { ok: true; experiment: Experiment } | { ok: false; problems: Problem[] };
/** As `Parsed`, with the document that the paths refer to: the raw one, migrated. */
export type Checked =
  | { ok: true; experiment: Experiment }
  | { ok: false; found: Found[]; document: unknown; hopeless: boolean };

const schemas = new WeakMap<Catalog, z.ZodType<Experiment>>();
function schemaOf(catalog: Catalog): z.ZodType<Experiment> {
  const known = schemas.get(catalog) ?? experimentSchema(catalog);
  schemas.set(catalog, known);
  return known;
}

const TOP = ['v', 'data', 'model', 'recipe', 'seeds', 'replicates', 'sweep'];

/** Which fields there are at a path of this document. */
const allowedIn =
  (document: unknown, catalog: Catalog): AllowedAt =>
  (parts) => {
    if (parts.length === 0) return TOP;
    if (parts[0] === 'seeds') return ['init', 'order', 'method'];
    if (parts[0] === 'sweep') return ['at', 'param', 'values'];
    const isWith = parts.at(-1) === 'with';
    const card = valueAt(document, isWith ? parts.slice(0, -1) : parts) as Record<string, unknown>;
    if (isWith) return Object.keys(tableOf(catalog, String(card.do)) ?? {});
    const kind = ['do', 'repeat', 'fork'].find((k) => Object.hasOwn(card, k));
    return { do: ['do', 'with', 'off'], repeat: ['repeat', 'steps', 'off'], fork: ['fork', 'off'] }[
      kind ?? 'do'
    ]!;
  };

/** A sweep must name a method card of this recipe, a number parameter of it, and values in that one's range. */
function checkSweep(sweep: Sweep, experiment: Pick<Experiment, 'recipe'>, catalog: Catalog): Found[] {
  const sweepable = (method: string) => tableOf(catalog, method) && (catalog.live?.has(method) ?? true);
  const cards = [...walkCards(experiment)].filter(({ step }) => isMethod(step) && sweepable(step.do));
  const card = cards.find(({ at }) => at === sweep.at)?.step;
  if (!card || !isMethod(card)) {
    const allowed = cards.map(({ at }) => at).slice(0, 12);
    return [{ problem: noSuchCard('sweep.at', sweep.at, allowed), parts: ['sweep', 'at'] }];
  }
  const table = tableOf(catalog, card.do)!;
  const numbers = Object.keys(table).filter((name) => table[name].kind === 'number');
  if (!numbers.includes(sweep.param)) {
    return [{ problem: unknownChoice('sweep.param', numbers, sweep.param), parts: ['sweep', 'param'] }];
  }
  const { min, max, integer } = table[sweep.param] as NumberParam;
  return sweep.values.flatMap((value, i) => {
    const path = `sweep.values.${i}`;
    const parts = ['sweep', 'values', i];
    if (integer && !Number.isInteger(value)) return [{ problem: notInteger(path, value), parts }];
    return value < min || value > max ? [{ problem: outOfRange(path, min, max, value), parts }] : [];
  });
}

/** Layers that a card names must be layers of the network; a factorized one also answers to its two halves. */
function checkLayers(experiment: Experiment, catalog: Catalog): Found[] {
  let layers: ReturnType<NonNullable<Catalog['layersOf']>>;
  try {
    layers = catalog.layersOf?.(experiment.model, experiment.data);
  } catch (error) {
    if (!(error instanceof WinnowError)) throw error;
    return [{ problem: { ...error.problem, path: 'model' }, parts: ['model'] }];
  }
  if (!layers) return [];
  return [...walkCards(experiment)].flatMap(({ at, step }) => {
    if (!isMethod(step)) return [];
    return Object.entries(step.with ?? {}).flatMap(([param, value]) => {
      const kind = tableOf(catalog, step.do)?.[param]?.kind;
      if (kind !== 'perLayer' && kind !== 'layers') return [];
      const allowed = layers.filter(({ dense }) => dense || kind === 'perLayer').map(({ name }) => name);
      const given: [string | number, string][] = Array.isArray(value)
        ? [...(value as string[]).entries()]
        : Object.keys(value).map((name) => [name, name]);
      return given
        .filter(([, name]) => !allowed.includes(kind === 'perLayer' ? name.replace(/\.[uv]$/, '') : name))
        .map(([key, name]) => ({
          problem: unknownChoice(`${at}.with.${param}.${key}`, allowed, name),
          parts: [...parsePath(at), 'with', param, key],
        }));
    });
  });
}

/** The sweep of a document that is not valid as a whole, if it can be checked nevertheless. */
function checkRawSweep(document: unknown, catalog: Catalog, found: readonly Found[]): Found[] {
  const sweep = valueAt(document, ['sweep']);
  const broken = found.some(
    ({ parts }) => parts[0] === 'sweep' || (parts[0] === 'recipe' && parts.length <= 2),
  );
  if (sweep === undefined || broken) return [];
  try {
    return checkSweep(sweep as Sweep, document as Experiment, catalog);
  } catch {
    return []; // A card further in is too broken to walk; it has a refusal of its own.
  }
}

/** `parseExperiment` with what repairing needs to know besides. */
export function check(raw: unknown, catalog: Catalog): Checked {
  const fail = (problems: Problem[]): Checked => ({
    ok: false,
    found: problems.map((problem) => ({ problem, parts: [] })),
    document: undefined,
    hopeless: true,
  });
  const unsafe = guardShape(raw);
  if (unsafe.length) return fail(unsafe);
  const migrated = migrate(raw);
  if (!migrated.ok) return fail(migrated.problems);
  const { document } = migrated;
  const tooMuch = guardRecipe(document);
  if (tooMuch.length) return fail(tooMuch);

  const result = schemaOf(catalog).safeParse(document);
  if (!result.success) {
    const found = result.error.issues.flatMap((i) => toFound(i, document, allowedIn(document, catalog)));
    found.push(...checkRawSweep(document, catalog, found));
    return { ok: false, found, document, hopeless: false };
  }
  const experiment = result.data;
  const found = [
    ...checkLayers(experiment, catalog),
    ...(experiment.sweep ? checkSweep(experiment.sweep, experiment, catalog) : []),
  ];
  if (found.length) return { ok: false, found, document, hopeless: false };
  const tooLong = guardSize(canonicalJson(experiment));
  return tooLong.length ? fail(tooLong) : { ok: true, experiment };
}

/**
 * Strict: anything unknown, missing or out of range refuses the whole document.
 * @param raw plain JSON of this or an older version; a document without `v` is of version 0
 * @returns the experiment (fields that have defaults filled in, cards as written), or every problem with its path
 */
export function parseExperiment(raw: unknown, catalog: Catalog): Parsed {
  const checked = check(raw, catalog);
  if (checked.ok) return checked;
  return { ok: false, problems: checked.found.map(({ problem }) => problem) };
}
