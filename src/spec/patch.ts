/** Reading of the assignments that `diff.ts` writes, from anyone: a wrong one is a refusal and changes nothing. */
import { type Catalog, tableOf } from './catalog';
import { type Assignment, CARD_FIELDS } from './diff';
import { FORBIDDEN } from './limits';
import type { Problem } from './problem';
import { forbiddenField } from './refusals';
import type { Experiment } from './types';

type Json = Record<string, unknown>;
/** An assignment with the property path that it set, e.g. ['recipe', 1, 'with', 'sparsity']. */
export interface Applied {
  assignment: Assignment;
  parts: (string | number)[];
  /** True if it set a plain value; false if it made or removed a card or an arm. */
  leaf: boolean;
}
export interface Patched {
  /** Not validated yet. */
  document: Json;
  applied: Applied[];
  problems: Problem[];
}

const NUMBER = /^-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?$/i;
const INDEX = /^(?:0|[1-9]\d{0,3})$/;
/** A number if it reads as one; otherwise the text, which the schema then refuses by name. */
export const numberOf = (text: string): number | string => (NUMBER.test(text) ? Number(text) : text);
export const flagOf = (text: string) => (text === 'true' ? true : text === 'false' ? false : text);
const listOf = (text: string) => (text === '' ? [] : text.split(','));

class BadPath extends Error {}

/** Applies the assignments in order to a copy of `base`. */
export function patch(base: Experiment, assignments: readonly Assignment[], catalog: Catalog): Patched {
  const document = structuredClone(base) as unknown as Json;
  const applied: Applied[] = [];
  const problems: Problem[] = [];
  for (const assignment of assignments) {
    const keys = assignment.path.split('.');
    const forbidden = keys.find((key) => FORBIDDEN.has(key));
    try {
      if (forbidden) problems.push({ ...forbiddenField(assignment.path), path: 'link' });
      else applied.push({ assignment, ...assign(document, keys, assignment.text, catalog) });
    } catch (error) {
      if (!(error instanceof BadPath)) throw error;
      problems.push(badPath(assignment.path, error.message));
    }
  }
  return { document, applied, problems };
}
const badPath = (path: string, reason: string): Problem => {
  const field = path.length > 60 ? `${path.slice(0, 60)}…` : path;
  const message = `cannot set "${field}": ${reason}`;
  return { code: 'link-path', path: 'link', message, values: { field, reason } };
};

type Set = Pick<Applied, 'parts' | 'leaf'>;

function assign(document: Json, keys: string[], text: string, catalog: Catalog): Set {
  const [top, ...rest] = keys;
  if (top === 'recipe') return assignCard(document.recipe as Json[], ['recipe'], rest, text, catalog);
  if (top === 'sweep') return assignSweep(document, rest, text);
  if (top === 'seeds' && rest.length === 1) {
    (document.seeds as Json)[rest[0]] = numberOf(text);
    return { parts: keys, leaf: true };
  }
  // Numbers as numbers, so that `data=5` is refused for what it is; a field that does not exist is refused later.
  document[keys.join('.')] = numberOf(text);
  return { parts: [keys.join('.')], leaf: true };
}

function assignSweep(document: Json, rest: string[], text: string): Set {
  if (rest.length === 0 && text === '') delete document.sweep;
  else if (rest.length !== 1) throw new BadPath('a sweep has at, param and values');
  else {
    const value = rest[0] === 'values' ? listOf(text).map(numberOf) : text;
    document.sweep = { ...(document.sweep as Json | undefined), [rest[0]]: value };
  }
  return { parts: ['sweep', ...rest], leaf: true };
}

/** Walks down one list of cards. */
function assignCard(
  list: Json[],
  at: (string | number)[],
  keys: string[],
  text: string,
  catalog: Catalog,
): Set {
  const [key, field, ...rest] = keys;
  if (key === 'length' && field === undefined) {
    if (!INDEX.test(text) || Number(text) > list.length) throw new BadPath(`there are ${list.length} cards`);
    list.length = Number(text);
    return { parts: at, leaf: false };
  }
  if (!INDEX.test(key ?? '') || Number(key) > list.length) {
    throw new BadPath(`${at.join('.')} has ${list.length} cards, counted from 0`);
  }
  if (field === undefined) throw new BadPath('a card cannot be set as a whole');
  const index = Number(key);
  const here = [...at, index];
  const card = list[index] ?? {};
  if (rest.length === 0 && (field === 'do' || field === 'repeat' || field === 'fork')) {
    list[index] = make(card, field, text);
    return { parts: [...here, field], leaf: field === 'repeat' && 'repeat' in card };
  }
  if (field === 'steps' && Array.isArray(card.steps)) {
    return assignCard(card.steps as Json[], [...here, 'steps'], rest, text, catalog);
  }
  if (field === 'fork' && rest.length > 0) {
    const [arm, ...inner] = rest;
    const arms = (card.fork ?? {}) as Record<string, Json[]>;
    if (!Object.hasOwn(arms, arm)) throw new BadPath(`there is no arm "${arm}"`);
    return assignCard(arms[arm], [...here, 'fork', arm], inner, text, catalog);
  }
  list[index] = card;
  return assignField(card, here, field, rest, text, catalog);
}

/** A card of another kind is replaced; one of the same kind keeps what is in it. */
function make(card: Json, field: 'do' | 'repeat' | 'fork', text: string): Json {
  if (field === 'do') return card.do === text ? card : { do: text };
  if (field === 'repeat') {
    return 'repeat' in card ? { ...card, repeat: numberOf(text) } : { repeat: numberOf(text), steps: [] };
  }
  const old = (card.fork ?? {}) as Json;
  const arms = listOf(text).map((arm) => [arm, Object.hasOwn(old, arm) ? old[arm] : []]);
  return { ...('fork' in card ? card : {}), fork: Object.fromEntries(arms) };
}

/** `off` or a parameter of one card. */
function assignField(
  card: Json,
  at: (string | number)[],
  field: string,
  rest: string[],
  text: string,
  catalog: Catalog,
): Set {
  if (field === 'off' && rest.length === 0) {
    if (text === 'false' || text === '') delete card.off;
    else card.off = flagOf(text);
    return { parts: [...at, 'off'], leaf: true };
  }
  const [name, ...inner] = field === 'with' ? rest : [field, ...rest];
  if (name === undefined) throw new BadPath('parameters are set one by one');
  if (!('do' in card) || (CARD_FIELDS.has(field) && field !== 'with')) {
    card[name] = numberOf(text);
    return { parts: [...at, name], leaf: true };
  }
  const values: Json = { ...(card.with as Json | undefined) };
  card.with = values;
  const parts = [...at, 'with', name];
  const table = tableOf(catalog, String(card.do));
  const param = table && Object.hasOwn(table, name) ? table[name] : undefined;
  const key = inner.join('.');
  if (param?.kind === 'perLayer') {
    const map: Json = key ? { ...(values[name] as Json | undefined) } : {};
    if (key && text === '') delete map[key];
    else if (key) map[key] = numberOf(text);
    else if (text !== '') throw new BadPath(`${name} is set layer by layer, e.g. ${name}.fc1`);
    values[name] = map;
    return { parts: key ? [...parts, key] : parts, leaf: true };
  }
  if (key) throw new BadPath(`${name} has no inner fields`);
  const read = { number: numberOf, choice: String, flag: flagOf, layers: listOf, file: String }[
    param?.kind ?? 'number'
  ];
  if (text === '' && param?.kind !== 'layers') delete values[name];
  else values[name] = read(text);
  return { parts, leaf: true };
}
