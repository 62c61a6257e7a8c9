/** The lenient way in, for links and saved files: what is refused falls back to its default, the rest is used. */
import type { Catalog } from './catalog';
import { defaultExperiment } from './defaults';
import { FORBIDDEN } from './limits';
import { check } from './parse';
import type { Problem } from './problem';
import type { Experiment } from './types';

export interface Repaired {
  experiment: Experiment;
  /** Everything that was refused; empty for a valid document. */
  problems: Problem[];
}
type Parts = (string | number)[];
type Json = Record<string | number, unknown>;

/** Every pass removes something, so this is far more than any document needs. */
const MOST_PASSES = 400;

/** A copy without unsafe names. Only called on what is known to be no deeper than the guard allows. */
function safeCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(safeCopy);
  const kept = Object.entries(value).filter(([key]) => !FORBIDDEN.has(key));
  return Object.fromEntries(kept.map(([key, item]) => [key, safeCopy(item)]));
}

/** The part that has no default by itself and so goes as a whole: a card without a kind, an arm, the sweep. */
function unit(parts: Parts): Parts {
  if (parts[0] === 'sweep' && parts[1] !== 'values') return ['sweep'];
  if (parts[0] === 'sweep' && parts.length === 2) return ['sweep'];
  const last = parts.at(-1);
  if (last === 'do' || last === 'repeat' || last === 'fork') return parts.slice(0, -1);
  return last === 'steps' && parts.at(-2) !== 'with' ? parts.slice(0, -1) : parts;
}

/** Takes one value out of the document; an element of a list is marked, so that the others keep their place. */
function drop(document: Json, parts: Parts): void {
  let here: unknown = document;
  for (const part of parts.slice(0, -1)) {
    if (typeof here !== 'object' || here === null) return;
    here = (here as Json)[part];
  }
  if (typeof here !== 'object' || here === null) return;
  const last = parts.at(-1)!;
  if (Array.isArray(here)) here[last as number] = GONE;
  else delete (here as Json)[last];
}
const GONE = Symbol('gone');

/** Closes the gaps; a sweep that points past or into one is put right. */
function compact(value: unknown, path: string, gone: string[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (!Array.isArray(value)) {
    const entries = Object.entries(value).map(([k, v]) => [k, compact(v, path ? `${path}.${k}` : k, gone)]);
    return Object.fromEntries(entries);
  }
  return value.flatMap((item, i) => {
    if (item !== GONE) return [compact(item, `${path}.${i}`, gone)];
    gone.push(`${path}.${i}`);
    return [];
  });
}
/** Where a card's path leads after the cards `gone` were removed; undefined if it was one of them. */
function relocated(at: string, gone: readonly string[]): string | undefined {
  if (gone.some((path) => at === path || at.startsWith(`${path}.`))) return undefined;
  const parts = at.split('.');
  return parts
    .map((part, i) => {
      const list = `${parts.slice(0, i).join('.')}.`;
      const before = gone.filter(
        (path) =>
          path.startsWith(list) && /^\d+$/.test(path.slice(list.length)) && +path.slice(list.length) < +part,
      );
      return /^\d+$/.test(part) ? `${+part - before.length}` : part;
    })
    .join('.');
}

function pass(document: Json, refused: readonly Parts[]): Json {
  const copy = safeCopy(document) as Json;
  for (const parts of refused) drop(copy, unit(parts));
  const gone: string[] = [];
  const next = compact(copy, '', gone) as Json;
  const sweep = next.sweep as { at?: unknown; values?: unknown } | undefined;
  if (sweep && typeof sweep.at === 'string') {
    const at = relocated(sweep.at, gone);
    if (at === undefined || (Array.isArray(sweep.values) && !sweep.values.length)) delete next.sweep;
    else sweep.at = at;
  }
  if (!Array.isArray(next.recipe)) next.recipe = [];
  return next;
}

/**
 * Uses what can be used. Refused parameters get their defaults, refused cards and arms are left out, a refused
 * sweep is dropped; a document that cannot be read at all gives `fallback`.
 */
export function repairExperiment(
  raw: unknown,
  catalog: Catalog,
  fallback: Experiment = defaultExperiment(),
): Repaired {
  const problems: Problem[] = [];
  let document = raw;
  let judged = false;
  for (let i = 0; i < MOST_PASSES; i++) {
    const checked = check(document, catalog);
    if (checked.ok) return { experiment: checked.experiment, problems };
    const { found, hopeless } = checked;
    // Later passes see the consequences of earlier ones; only the first judgement is of what the user wrote.
    if (!judged || hopeless) problems.push(...found.map(({ problem }) => problem));
    judged ||= !hopeless;
    const isObject = typeof document === 'object' && document !== null && !Array.isArray(document);
    if (!hopeless && isObject) {
      const refused = found.map(({ parts }) => parts);
      document = pass(checked.document as Json, refused);
    } else if (found.every(({ problem }) => problem.code === 'forbidden-field'))
      document = safeCopy(document);
    else break;
  }
  return { experiment: fallback, problems };
}
