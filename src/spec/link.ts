/**
 * An experiment as the fragment of a URL. Two spellings, same content:
 *
 *     #v1/lenet-mnist/recipe.1.sparsity=0.95     readable: a preset and what differs from it (see diff.ts)
 *     #z1/8KdW...                                packed: the same text, or the whole experiment, compressed
 *
 * Only letters, digits and `/ . = , -` occur, and the last character is a letter, a digit or `=`, so that chats,
 * mail and markdown neither cut nor change a link. Presets are part of the format: a published preset never
 * changes its meaning.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { deflateSync, inflateSync } from 'fflate';
import { fromBase62, toBase62 } from './base62';
import { canonical } from './canonical';
import type { Catalog } from './catalog';
import { defaultExperiment, stripDefaults } from './defaults';
import { type Assignment, diff } from './diff';
import { LIMITS } from './limits';
import { check } from './parse';
import { type Patched, patch } from './patch';
import type { Problem } from './problem';
import { newerVersion, unknownChoice } from './refusals';
import { type Repaired, repairExperiment } from './repair';
import type { Experiment } from './types';

export interface Decoded extends Repaired {
  /** The preset that the link starts from. */
  preset?: string;
}

const FORMAT = 1;
/** A readable link may be this long before the packed one is considered. */
export const READABLE = 300;
/** Far more than any experiment that passes validation can need. */
export const MOST_CHARACTERS = 100_000;
const CHECKSUM = 2;
/** Text that links are full of; compression starts from it. Part of format 1: changing it breaks every old packed link. */
const DICTIONARY = new TextEncoder().encode(
  '"fork":{"recipe":[{"repeat":"steps":[{"off":true,"with":{"layers":{},"v":1,"sweep":{"at":"recipe.1","param":"values":[' +
    '"seeds":{"init":"method":"order":"model":"lenet-300-100"lenet-5"replicates":"scope":"global""outputHalf":false"sparsity":{"do":"train"' +
    '{"do":"prune","with":{"sparsity":0.{"do":"quantize","with":{"bits":{"do":"factorize"{"do":"rewind"}{"do":"reinit"}' +
    'lenet-mnist/lenet5-mnist/lottery-minute/model=lenet-5/replicates=3/seeds.init=/seeds.order=/seeds.method=/sweep.at=recipe.1/sweep.param=sparsity/sweep.values=0,' +
    '0.2,0.4,0.5,0.6,0.7,0.8,0.85,0.9,0.95,0.98,0.99/recipe.1.fork=ticket,reinit/recipe.1.fork.ticket.0.do=rewind' +
    '/recipe.1.fork.ticket.1.do=train/recipe.1.repeat=5/recipe.1.steps.0.do=prune/recipe.1.steps.1.optimizer=sgd' +
    '/recipe.2.do=quantize/recipe.2.bits=4/recipe.2.scheme=symmetric/recipe.2.granularity=tensor/recipe.3.do=factorize' +
    '/recipe.3.rank=20/recipe.3.layers=fc1,fc2/recipe.4.do=train/recipe.4.steps=500/recipe.4.lr=0.000/recipe.2.off=false' +
    '/recipe.3.off=true/recipe.0.steps=1000/recipe.1.scope=layer/recipe.1.layers.fc1=0.9/recipe.1.sparsity=0.9',
);

/** A preset for another network is not what this experiment came from, even if its text were shorter. */
const FOREIGN = 60;

/** The shortest text over all starting points: the default experiment and every preset. */
function shortest(experiment: Experiment, catalog: Catalog): string {
  const bases = [{ id: '', experiment: defaultExperiment() }, ...catalog.presets];
  const candidates = bases.map((base) => {
    const said = diff(stripDefaults(base.experiment, catalog), experiment, catalog);
    const text = [...(base.id ? [base.id] : []), ...said.map((a) => `${a.path}=${a.text}`)].join('/');
    const foreign = base.id && said.some(({ path }) => path === 'model' || path === 'data');
    return { text, cost: text.length + (foreign ? FOREIGN : 0) };
  });
  return candidates.reduce((best, one) => (one.cost < best.cost ? one : best)).text;
}

/** Only what survives chats, and nothing at the end that they take for punctuation. */
export const SAFE = /^(?:[A-Za-z0-9._,=/-]*[A-Za-z0-9=])?$/;

/** The fragment, `#` included, for a valid experiment. Never longer than it has to be. */
export function encodeLink(experiment: Experiment, catalog: Catalog): string {
  const wanted = stripDefaults(experiment, catalog);
  const text = shortest(wanted, catalog);
  const readable = text === '' ? `#v${FORMAT}` : `#v${FORMAT}/${text}`;
  const sayable = SAFE.test(text);
  if (sayable && readable.length <= READABLE) return readable;
  const contents = [canonical(wanted, catalog), ...(sayable && text.length <= LIMITS.json ? [text] : [])];
  const packed = contents.map((content) => `#z${FORMAT}/${pack(content)}`);
  return [...packed, ...(sayable ? [readable] : [])].reduce((a, b) => (b.length < a.length ? b : a));
}

/** Compressed, as letters and digits, with a checksum. */
export function pack(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const small = deflateSync(bytes, { level: 9, dictionary: DICTIONARY });
  return toBase62(Uint8Array.from([...sha256(bytes).subarray(0, CHECKSUM), ...small]));
}

/** The text, or undefined if the link was cut or changed on its way, or unpacks to more than it may. */
export function unpack(packed: string): string | undefined {
  const bytes = fromBase62(packed);
  if (!bytes || bytes.length <= CHECKSUM) return undefined;
  try {
    const out = new Uint8Array(LIMITS.json + 1);
    const text = inflateSync(bytes.subarray(CHECKSUM), { dictionary: DICTIONARY, out });
    const sum = sha256(text).subarray(0, CHECKSUM);
    if (text.length > LIMITS.json || sum.some((byte, i) => byte !== bytes[i])) return undefined;
    return new TextDecoder('utf-8', { fatal: true }).decode(text);
  } catch {
    return undefined;
  }
}

/** What is left of a pasted link: the fragment without wrapping, percent signs, line breaks and punctuation. */
export function clean(given: string): string {
  let text = given;
  for (let i = 0; i < 3 && text.includes('%'); i++) {
    try {
      text = decodeURIComponent(text);
    } catch {
      break;
    }
  }
  text = text.replace(/[\r\n\t\u00ad\u200b-\u200f\u2060\ufeff]/g, '').replaceAll('&amp;', '&');
  text = text.slice(text.indexOf('#') + 1).replace(/^[\s<>"'()[\]{}]+/, '');
  const [run] = /^[A-Za-z0-9._,=/&;:~-]*/.exec(text)!;
  return run.replace(/[^A-Za-z0-9=]+$/, '');
}

/** Something is wrong with a link as such. */
export const fault = (code: string, message: string, values?: Problem['values']): Problem => ({
  code,
  path: 'link',
  message,
  ...(values && { values }),
});

/**
 * The experiment of a link: a fragment, with or without `#`, or a whole URL. Never throws. What a link says wrongly
 * is left at the preset's value (or at the default) and reported; a link that cannot be read at all gives the first
 * preset and a problem with path `link`. An empty fragment is the first preset, without a problem.
 */
export function decodeLink(fragment: string, catalog: Catalog): Decoded {
  const decoded = read(fragment, catalog);
  return { ...decoded, experiment: stripDefaults(decoded.experiment, catalog) };
}

function read(fragment: string, catalog: Catalog): Decoded {
  const home = catalog.presets[0];
  const fallback = home?.experiment ?? defaultExperiment();
  const fail = (...problems: Problem[]): Decoded => ({
    experiment: fallback,
    problems,
    ...(home && { preset: home.id }),
  });
  if (fragment.length > MOST_CHARACTERS) {
    const max = MOST_CHARACTERS;
    const message = `is too long: at most ${max} characters, got ${fragment.length}`;
    return fail(fault('link-too-long', message, { max, got: fragment.length }));
  }
  const text = clean(fragment);
  if (text === '') return fail();
  if (catalog.presets.some(({ id }) => id === text)) return fromText(text, catalog, fail);
  const match = /^([vz])(\d{1,6})(?:[/.:;&,]+(.*))?$/.exec(text);
  const format = Number(match?.[2]);
  if (match && format > FORMAT) return fail(newerVersion('link', FORMAT, format));
  if (!match || format !== FORMAT) {
    return fail(
      fault('link-unreadable', `is not a Winnow link: it must begin with #v${FORMAT} or #z${FORMAT}`),
    );
  }
  if (match[1] === 'v') return fromText(match[3] ?? '', catalog, fail);
  const content = unpack((match[3] ?? '').replaceAll('=', ''));
  if (content === undefined) {
    return fail(fault('link-damaged', 'is incomplete or was changed on its way: copy the whole link again'));
  }
  return content.startsWith('{') ? fromJson(content, catalog, fail) : fromText(content, catalog, fail);
}

type Fail = (...problems: Problem[]) => Decoded;

function fromJson(content: string, catalog: Catalog, fail: Fail): Decoded {
  try {
    return repairExperiment(JSON.parse(content), catalog, fail().experiment);
  } catch {
    return fail(fault('link-damaged', 'does not hold an experiment'));
  }
}

function fromText(text: string, catalog: Catalog, fail: Fail): Decoded {
  const [first = '', ...others] = text.split(/[/&;]+/).filter(Boolean);
  const named = first.includes('=') ? '' : first;
  const preset = catalog.presets.find(({ id }) => id === named);
  if (named && !preset) {
    const ids = catalog.presets.map(({ id }) => id);
    return fail({ ...unknownChoice('preset', ids, named), path: 'link' });
  }
  const problems: Problem[] = [];
  const assignments = (named || !first ? others : [first, ...others]).flatMap((said): Assignment[] => {
    const equals = said.indexOf('=');
    if (equals > 0) return [{ path: said.slice(0, equals), text: said.slice(equals + 1) }];
    const got = said.length > 60 ? `${said.slice(0, 60)}…` : said;
    problems.push(fault('link-part', `"${got}" does not say what to set: it must read path=value`, { got }));
    return [];
  });
  const base = stripDefaults(preset?.experiment ?? defaultExperiment(), catalog);
  const applied = applyValid(base, assignments, catalog);
  problems.push(...applied.problems);
  return { experiment: applied.experiment, problems, ...(preset && { preset: preset.id }) };
}

/** Values that are refused are left as they were in `base`; what still does not fit is repaired. */
function applyValid(base: Experiment, assignments: Assignment[], catalog: Catalog): Repaired {
  const first = patch(base, assignments, catalog);
  const checked = check(first.document, catalog);
  if (checked.ok) return { experiment: checked.experiment, problems: first.problems };
  const refused = new Set(checked.found.flatMap(({ parts }) => blame(first, parts)));
  const kept = assignments.filter((assignment) => !refused.has(assignment));
  const second = patch(base, kept, catalog);
  const repaired = repairExperiment(second.document, catalog, base);
  const problems = [...first.problems, ...checked.found.map(({ problem }) => problem)];
  const news = repaired.problems.filter(({ path }) => !problems.some((known) => known.path === path));
  return { experiment: repaired.experiment, problems: [...problems, ...news] };
}

/** The assignments of plain values that a refused path goes back to; a sweep is refused as a whole. */
function blame({ applied }: Patched, parts: readonly (string | number)[]): Assignment[] {
  const isSweep = parts[0] === 'sweep';
  return applied
    .filter(
      ({ leaf, parts: set }) => leaf && (isSweep ? set[0] === 'sweep' : set.every((p, i) => p === parts[i])),
    )
    .map(({ assignment }) => assignment);
}
