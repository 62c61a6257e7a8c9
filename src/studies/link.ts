/**
 * A study as the Lottery view's part of the address (spec/view.ts):
 *
 *     #~lottery=quick                          a preset
 *     #~lottery=quick/rounds=8/late=true       what differs from it
 *     #~lottery=z1/8KdW...                     the same text, packed, where it is long
 *
 * Only letters, digits and `/ . = , -` occur. What a link leaves out is a default, so that defaults are as published as
 * presets are.
 */
import { type Assignment, textOf } from '../spec/diff';
import { clean, fault, MOST_CHARACTERS, pack, READABLE, unpack } from '../spec/link';
import type { Params, ParamValue } from '../spec/params';
import { flagOf, numberOf } from '../spec/patch';
import type { Problem } from '../spec/problem';
import { unknownChoice } from '../spec/refusals';
import { defaultStudy, studyTable, studyValues } from './index';
import { parseStudy, type RepairedStudy, repairStudy } from './parse';
import { studyPresets } from './presets';
import type { Study } from './types';

const FORMAT = 1;
export interface DecodedStudy extends RepairedStudy {
  /** The preset that the link starts from. */
  preset?: string;
}
const FIELDS = ['kind', 'data', 'model', 'replicates'] as const;
const SEEDS = ['init', 'order', 'method'] as const;

/** What the view shows: to stand behind `~lottery=`. The shortest text over all starting points. */
export function encodeStudy(study: Study): string {
  const bases = [{ id: '', study: defaultStudy() }, ...studyPresets];
  const texts = bases.map(({ id, study: base }) => {
    const said = difference(base, study).map(({ path, text }) => `${path}=${text}`);
    return [...(id ? [id] : []), ...said].join('/');
  });
  const text = texts.reduce((best, one) => (one.length < best.length ? one : best));
  // Nothing at all would be the view without a study.
  const readable = text || `kind=${study.kind}`;
  const packed = () => `z${FORMAT}/${pack(readable)}`;
  return readable.length <= READABLE || packed().length >= readable.length ? readable : packed();
}

function difference(base: Study, study: Study): Assignment[] {
  const out: Assignment[] = [];
  const say = (path: string, value: ParamValue) => out.push({ path, text: textOf(value as number) });
  for (const field of FIELDS) if (base[field] !== study[field]) say(field, study[field]);
  for (const seed of SEEDS)
    if (base.seeds[seed] !== study.seeds[seed]) say(`seeds.${seed}`, study.seeds[seed]);
  const given = base.kind === study.kind ? base.with : {};
  const before = studyValues({ ...study, with: given });
  const after = studyValues(study);
  for (const name of Object.keys(after)) if (before[name] !== after[name]) say(name, after[name]);
  return out;
}

/**
 * The study of a link; never throws. What it says wrongly stays as in the preset (or at its default) and is reported; a
 * text that cannot be read gives the first preset and a problem. An empty text is the first preset, without a problem.
 */
export function decodeStudy(shown: string): DecodedStudy {
  const [home] = studyPresets;
  const fail = (...problems: Problem[]): DecodedStudy => ({ study: home.study, problems, preset: home.id });
  if (shown.length > MOST_CHARACTERS) {
    const values = { max: MOST_CHARACTERS, got: shown.length };
    return fail(
      fault('link-too-long', `is too long: at most ${values.max} characters, got ${values.got}`, values),
    );
  }
  const text = clean(shown);
  if (text === '') return fail();
  const packed = /^z(\d{1,6})\/(.*)$/.exec(text);
  if (!packed) return fromText(text, fail);
  const content = Number(packed[1]) === FORMAT ? unpack(packed[2].replaceAll('=', '')) : undefined;
  if (content === undefined) {
    return fail(fault('link-damaged', 'is incomplete or was changed on its way: copy the whole link again'));
  }
  return fromText(content, fail);
}

function fromText(text: string, fail: (...problems: Problem[]) => DecodedStudy): DecodedStudy {
  const [first = '', ...others] = text.split(/[/&;]+/).filter(Boolean);
  const named = first.includes('=') ? '' : first;
  const preset = studyPresets.find(({ id }) => id === named);
  if (named && !preset) {
    return fail({
      ...unknownChoice(
        'preset',
        studyPresets.map(({ id }) => id),
        named,
      ),
      path: 'link',
    });
  }
  const problems: Problem[] = [];
  const said = (named || !first ? others : [first, ...others]).flatMap((one): Assignment[] => {
    const equals = one.indexOf('=');
    if (equals > 0) return [{ path: one.slice(0, equals), text: one.slice(equals + 1) }];
    const got = one.slice(0, 60);
    problems.push(fault('link-part', `"${got}" does not say what to set: it must read name=value`, { got }));
    return [];
  });
  const applied = withAssignments(preset?.study ?? defaultStudy(), said);
  return {
    study: applied.study,
    problems: [...problems, ...applied.problems],
    ...(preset && { preset: preset.id }),
  };
}

/** What is refused is left as it was in `base`. */
function withAssignments(base: Study, said: readonly Assignment[]): RepairedStudy {
  const whole = parseStudy(assign(base, said));
  if (whole.ok) return { study: whole.study, problems: [] };
  const refused = new Set(whole.problems.map(({ path }) => path.replace(/^with\./, '')));
  const rest = said.filter(({ path }) => !refused.has(path));
  return { study: repairStudy(assign(base, rest), base).study, problems: whole.problems };
}

/** Not validated yet. */
function assign(base: Study, said: readonly Assignment[]): Record<string, unknown> {
  const kind = said.find(({ path }) => path === 'kind')?.text ?? base.kind;
  const document: Record<string, unknown> = { ...base, kind };
  const values: Params = kind === base.kind ? { ...base.with } : {};
  const seeds: Record<string, unknown> = { ...base.seeds };
  const table = studyTable({ kind, model: base.model });
  for (const { path, text } of said) {
    const [top, ...inner] = path.split('.');
    if (path === 'kind') continue;
    if (top === 'seeds') seeds[inner.join('.')] = numberOf(text);
    else if ((FIELDS as readonly string[]).includes(path)) document[path] = numberOf(text);
    else if (!Object.hasOwn(table, path)) values[path] = text;
    else
      values[path] = (
        table[path].kind === 'flag' ? flagOf : table[path].kind === 'number' ? numberOf : String
      )(text);
  }
  return { ...document, with: values, seeds };
}
