/** The wording of every refusal, so that the same mistake always reads the same. */
import type { Problem } from './problem';

const MOST_SHOWN = 40;

/** What was found, short enough for a notice: `"abc"`, `1.4`, `a list`, `nothing`. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}
const list = (names: readonly string[]) => names.join(', ');
const lastOf = (path: string) => path.slice(path.lastIndexOf('.') + 1) || 'experiment';
/** A list's position says nothing by itself: `values.3`, not `3`. */
const fieldOf = (path: string) =>
  /^\d+$/.test(lastOf(path)) ? path.split('.').slice(-2).join('.') : lastOf(path);

export function wrongType(path: string, expected: string, got: unknown): Problem {
  const field = fieldOf(path);
  if (got === undefined) {
    const message = `${field} is missing: it must be ${expected}`;
    return { code: 'missing', path, message, values: { field, expected } };
  }
  const values = { field, expected, got: shown(got) };
  return { code: 'wrong-type', path, message: `${field} must be ${expected}, got ${values.got}`, values };
}
export function outOfRange(path: string, min: number, max: number, got: number): Problem {
  const field = fieldOf(path);
  const message = `${field} must be in [${min}, ${max}], got ${got}`;
  return { code: 'out-of-range', path, message, values: { field, min, max, got } };
}
export function notInteger(path: string, got: number): Problem {
  const field = fieldOf(path);
  return {
    code: 'not-integer',
    path,
    message: `${field} must be a whole number, got ${got}`,
    values: { field, got },
  };
}
export function unknownChoice(path: string, allowed: readonly string[], got: unknown): Problem {
  const field = fieldOf(path);
  const near = typeof got === 'string' ? suggest(got, allowed) : undefined;
  const message = `${field} must be one of ${list(allowed)}, got ${shown(got)}${hint(near)}`;
  return {
    code: 'unknown-choice',
    path,
    message,
    values: { field, allowed: list(allowed), got: shown(got), ...(near && { suggestion: near }) },
  };
}
export function unknownField(path: string, allowed: readonly string[]): Problem {
  const field = lastOf(path);
  const near = suggest(field, allowed);
  const known = allowed.length ? `allowed: ${list(allowed)}` : 'no field is allowed here';
  return {
    code: 'unknown-field',
    path,
    message: `unknown field ${shown(field)}${hint(near)}; ${known}`,
    values: { field, allowed: list(allowed), ...(near && { suggestion: near }) },
  };
}
export function forbiddenField(path: string): Problem {
  const field = lastOf(path);
  return { code: 'forbidden-field', path, message: `${shown(field)} is not a name`, values: { field } };
}
export function badName(path: string, rule: string, got: unknown): Problem {
  const field = fieldOf(path);
  const message = `${shown(got)} is not a valid name: ${rule}`;
  return { code: 'bad-name', path, message, values: { field, rule, got: shown(got) } };
}
/** A count that is too small or too large: cards, arms, values. */
export function badCount(
  path: string,
  what: string,
  [min, max]: readonly [number, number],
  got: number,
): Problem {
  const message = `${fieldOf(path)} must have ${min} to ${max} ${what}, got ${got}`;
  return { code: 'bad-count', path, message, values: { field: fieldOf(path), what, min, max, got } };
}
export function tooDeep(path: string, max: number): Problem {
  const message = `cards may be nested ${max} deep, this one is deeper`;
  return { code: 'too-deep', path, message, values: { max } };
}
export function tooLarge(path: string, max: number, got: number): Problem {
  const message = `must have at most ${max} characters, got ${got}`;
  return { code: 'too-large', path, message, values: { max, got } };
}
export function newerVersion(path: string, known: number, got: number): Problem {
  const message = `made by a newer version (format ${got}); this page knows formats up to ${known}: reload it to get the newest`;
  return { code: 'newer-version', path, message, values: { known, got } };
}
export const noSuchCard = (path: string, got: unknown, allowed: readonly string[]): Problem => ({
  code: 'no-such-card',
  path,
  message: `${fieldOf(path)} must be the path of a method card (${list(allowed) || 'there is none'}), got ${shown(got)}`,
  values: { field: fieldOf(path), got: shown(got), allowed: list(allowed) },
});

const hint = (near: string | undefined) => (near ? ` (did you mean "${near}"?)` : '');

/** The closest allowed name at most two edits away. */
function suggest(got: string, allowed: readonly string[]): string | undefined {
  const most = got.length < 5 ? 1 : 2;
  return allowed
    .map((name) => ({ name, edits: got.length > MOST_SHOWN ? Infinity : distance(got, name) }))
    .filter(({ edits }) => edits <= most)
    .sort((a, b) => a.edits - b.edits)[0]?.name;
}
/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}
