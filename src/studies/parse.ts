/** From anything at all to a valid study: strictly, with every problem, or leniently, with what can be used. */
import { z } from 'zod';
import { catalog } from '../catalog';
import { guardShape } from '../spec/guard';
import { type Found, toFound } from '../spec/issues';
import type { Params, ParamTable } from '../spec/params';
import { type Problem, WinnowError } from '../spec/problem';
import { newerVersion } from '../spec/refusals';
import { headFields, paramsSchema } from '../spec/schema';
import { defaultStudy, stripStudy } from './index';
import { kinds } from './registry';
import type { Study } from './types';

const VERSION = 1;
export type ParsedStudy = { ok: true; study: Study } | { ok: false; problems: Problem[] };
type Checked = { ok: true; study: Study } | { ok: false; found: Found[] };

const head = headFields(catalog);
const kindField = z.enum(kinds.map(({ id }) => id) as [string, ...string[]]);
const schemas = new Map(
  kinds.map(({ id, params }) => [
    id,
    z.strictObject({
      ...{ v: z.literal(VERSION), kind: kindField, ...head },
      with: paramsSchema(params as ParamTable).default({}),
    }),
  ]),
);
/** Where the kind is not known, its parameters cannot be judged. */
const anyKind = z.strictObject({
  v: z.literal(VERSION),
  kind: kindField,
  ...head,
  with: z.looseObject({}).default({}),
});

function check(raw: unknown): Checked {
  const fail = (...problems: Problem[]): Checked => ({
    ok: false,
    found: problems.map((problem) => ({ problem, parts: [] })),
  });
  const unsafe = guardShape(raw);
  if (unsafe.length > 0) return fail(...unsafe);
  const { kind, v } = (raw ?? {}) as { kind?: string; v?: unknown };
  if (typeof v === 'number' && v > VERSION) return fail(newerVersion('v', VERSION, v));
  const table = kinds.find(({ id }) => id === kind)?.params ?? {};
  const allowed = (parts: readonly (string | number)[]) => {
    if (parts.length === 0) return ['v', 'kind', 'data', 'model', 'with', 'seeds', 'replicates'];
    return parts[0] === 'seeds' ? ['init', 'order', 'method'] : Object.keys(table);
  };
  const result = (schemas.get(kind as string) ?? anyKind).safeParse(raw);
  if (!result.success) {
    return { ok: false, found: result.error.issues.flatMap((issue) => toFound(issue, raw, allowed)) };
  }
  const study = result.data as Omit<Study, 'with'> & { with: Params } as Study;
  return checkNetwork(study);
}

/** A network must be able to take the images; whether data of the visitor's own are here is not asked. */
function checkNetwork(study: Study): Checked {
  try {
    catalog.layersOf?.(study.model, study.data);
    return { ok: true, study };
  } catch (error) {
    if (!(error instanceof WinnowError)) throw error;
    return { ok: false, found: [{ problem: { ...error.problem, path: 'model' }, parts: ['model'] }] };
  }
}

/** Strict: anything unknown, missing or out of range refuses the whole study. Only `v` and `kind` must be there. */
export function parseStudy(raw: unknown): ParsedStudy {
  const checked = check(raw);
  if (checked.ok) return { ok: true, study: stripStudy(checked.study) };
  return { ok: false, problems: checked.found.map(({ problem }) => problem) };
}

/** Far more than a study has fields. */
const MOST_PASSES = 100;
export interface RepairedStudy {
  study: Study;
  /** Everything that was refused; empty for a valid study. */
  problems: Problem[];
}
/** Lenient: what is refused gets its default; what cannot be read at all gives `fallback`. */
export function repairStudy(raw: unknown, fallback: Study = defaultStudy()): RepairedStudy {
  let document = raw;
  let problems: Problem[] = [];
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const checked = check(document);
    if (checked.ok) return { study: stripStudy(checked.study), problems };
    // Later passes see the consequences of earlier ones; the first one is of what was written.
    if (pass === 0) problems = checked.found.map(({ problem }) => problem);
    const refused = checked.found.map(({ parts }) => parts);
    if (refused.some((parts) => parts.length === 0)) break;
    document = without(document as Json, refused);
  }
  return { study: fallback, problems };
}

type Json = Record<string, unknown>;
/** A copy without these; a version and a kind there must be. */
function without(document: Json, refused: readonly (readonly (string | number)[])[]): Json {
  const copy = structuredClone(document);
  for (const [top, inner] of refused) {
    if (top === 'v') copy.v = VERSION;
    else if (top === 'kind') Object.assign(copy, { kind: kinds[0].id, with: {} });
    else if (inner === undefined) delete copy[top];
    else delete (copy[top] as Json)[inner];
  }
  return copy;
}
