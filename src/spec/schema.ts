/** The strict zod schema of an experiment, built from the catalog's parameter tables. */
import { z } from 'zod';
import { type Catalog, type OpenIds, tableOf } from './catalog';
import { DEFAULT_DATA, DEFAULT_MODEL, DEFAULT_REPLICATES, DEFAULT_SEEDS } from './defaults';
import { ARM_NAME, FILE_ID, LAYER_NAME, LIMITS, OWN_DATA } from './limits';
import { VERSION } from './migrate';
import type { NumberParam, Param, ParamTable } from './params';
import type { Experiment, Step } from './types';

/** Rules of our own carry their name and bounds; `problems.ts` words them. */
const rule = (name: string, values: object = {}) => ({ params: { rule: name, ...values } });
const number = (min: number, max: number, integer = false) =>
  z
    .number()
    .refine((n) => !integer || Number.isInteger(n), { ...rule('integer'), abort: true })
    .refine((n) => n >= min && n <= max, rule('range', { min, max }));
const whole = ([min, max]: readonly [number, number]) => number(min, max, true);

const layerName = z.string().regex(LAYER_NAME);

/** Schema of one parameter; `table` is needed for per-layer overrides, which share their sibling's range. */
function paramSchema(param: Param, table: ParamTable): z.ZodType {
  switch (param.kind) {
    case 'number':
      return number(param.min, param.max, param.integer);
    case 'choice':
      return z.enum(param.options as [string, ...string[]]);
    case 'flag':
      return z.boolean();
    case 'file':
      return z.string().refine((id) => id === '' || FILE_ID.test(id), rule('file'));
    case 'layers':
      return z
        .array(layerName)
        .refine((names) => names.length <= LIMITS.layers[1], rule('layers'))
        .refine((names) => new Set(names).size === names.length, rule('distinct'));
    case 'perLayer': {
      const { min, max, integer } = table[param.of] as NumberParam;
      return z
        .record(layerName, number(min, max, integer))
        .refine((map) => Object.keys(map).length <= LIMITS.layers[1], rule('layers'));
    }
  }
}

/** Strict schema of a card's `with`: every field optional, no other field. */
export const paramsSchema = (table: ParamTable) =>
  z.strictObject(
    Object.fromEntries(
      Object.entries(table).map(([name, param]) => [name, paramSchema(param, table).optional()]),
    ),
  );

const KINDS = ['do', 'repeat', 'fork'] as const;

/** One card. What it is follows from which of do, repeat and fork it has, so that errors speak of that kind only. */
function stepSchema(catalog: Catalog): z.ZodType<Step> {
  const off = z.boolean().optional();
  const step: z.ZodType<Step> = z.lazy(() => z.unknown().transform(dispatch) as unknown as z.ZodType<Step>);
  const steps = z.array(step);
  const repeat = z.strictObject({ repeat: whole(LIMITS.rounds), steps, off });
  const arms = z
    .record(z.string().regex(ARM_NAME), steps)
    .refine((map) => inRange(Object.keys(map).length, LIMITS.arms), rule('arms'));
  const fork = z.strictObject({ fork: arms, off });
  const methods = new Map(
    Object.keys(catalog.methods).map((id) => [
      id,
      z.strictObject({ do: z.literal(id), with: paramsSchema(tableOf(catalog, id)!).optional(), off }),
    ]),
  );
  const methodName = z.looseObject({ do: z.enum(Object.keys(catalog.methods) as [string, ...string[]]) });

  function dispatch(raw: unknown, context: z.core.$RefinementCtx): unknown {
    const kinds = KINDS.filter((kind) => typeof raw === 'object' && raw !== null && Object.hasOwn(raw, kind));
    if (kinds.length !== 1) {
      context.issues.push({ code: 'custom', input: raw, ...rule('step') });
      return z.NEVER;
    }
    const chosen = { do: methods.get((raw as { do: string }).do) ?? methodName, repeat, fork }[kinds[0]];
    const result = chosen.safeParse(raw);
    if (!result.success) {
      for (const issue of result.error.issues) {
        context.issues.push({ ...issue, path: [...issue.path], input: raw } as z.core.$ZodRawIssue);
      }
      return z.NEVER;
    }
    const { off: isOff, ...card } = result.data as { off?: boolean };
    return isOff ? { ...card, off: true } : card;
  }
  return step;
}
const inRange = (n: number, [min, max]: readonly [number, number]) => n >= min && n <= max;

/** A data set of the catalog, or any that is named by its content: whether that one is here is not asked. */
function dataSchema(known: z.ZodType<string>): z.ZodType<string> {
  return z.unknown().transform((raw, context) => {
    if (typeof raw === 'string' && OWN_DATA.test(raw)) return raw;
    const result = known.safeParse(raw);
    if (result.success) return result.data;
    for (const issue of result.error.issues)
      context.issues.push({ ...issue, input: raw } as z.core.$ZodRawIssue);
    return z.NEVER;
  });
}

/** Fields that say what runs on what, how often and with which seeds: of experiments and of studies. Each has a default. */
export function headFields(catalog: Catalog) {
  const id = (named: readonly { id: string }[], more?: OpenIds) => {
    const ids = named.map((n) => n.id);
    if (!more) return z.enum(ids as [string, ...string[]]);
    const known = (v: unknown) => typeof v === 'string' && (ids.includes(v) || more.accepts(v));
    return z.custom<string>(known, rule('id', { allowed: [...ids, more.grammar] }));
  };
  const seed = whole(LIMITS.seed);
  return {
    data: dataSchema(id(catalog.datasets, catalog.moreDatasets)).default(DEFAULT_DATA),
    model: id(catalog.models, catalog.moreModels).default(DEFAULT_MODEL),
    seeds: z
      .strictObject({
        init: seed.default(DEFAULT_SEEDS.init),
        order: seed.default(DEFAULT_SEEDS.order),
        method: seed.default(DEFAULT_SEEDS.method),
      })
      .prefault({}),
    replicates: whole(LIMITS.replicates).default(DEFAULT_REPLICATES),
  };
}

/** Schema of a whole experiment; only `recipe` must be there. */
export function experimentSchema(catalog: Catalog): z.ZodType<Experiment> {
  const sweep = z.strictObject({
    at: z.string(),
    param: z.string(),
    values: z.array(z.number()).refine((v) => inRange(v.length, LIMITS.sweepValues), rule('sweepValues')),
  });
  const { data, model, seeds, replicates } = headFields(catalog);
  return z.strictObject({
    v: z.literal(VERSION),
    data,
    model,
    recipe: z.array(stepSchema(catalog)),
    seeds,
    replicates,
    sweep: sweep.optional(),
  });
}
