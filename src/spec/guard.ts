/** First look at a document from outside: is it safe to walk? Size, nesting and names only; no meaning. */
import { FORBIDDEN, LIMITS } from './limits';
import type { Problem } from './problem';
import { badCount, forbiddenField, tooDeep, tooLarge } from './refusals';

/** Deeper than any allowed recipe, shallow enough for recursion (a cyclic object ends here too). */
const MOST_NESTING = 40;
const MOST_VALUES = 20_000;

/** Names and nesting of the raw document; nothing may walk it before this returned []. */
export function guardShape(raw: unknown): Problem[] {
  const problems: Problem[] = [];
  let values = 0;
  const scan = (value: unknown, path: string, depth: number) => {
    if (typeof value !== 'object' || value === null || ++values > MOST_VALUES) return;
    if (depth > MOST_NESTING) return void problems.push(tooDeep(path, LIMITS.depth));
    for (const key of Object.keys(value)) {
      const here = path ? `${path}.${key}` : key;
      if (FORBIDDEN.has(key)) problems.push(forbiddenField(here));
      else scan((value as Record<string, unknown>)[key], here, depth + 1);
      if (values > MOST_VALUES) return;
    }
  };
  scan(raw, '', 0);
  if (values > MOST_VALUES) problems.push(badCount('', 'values', [0, MOST_VALUES], values));
  return problems;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Lists of cards inside a raw card, with their paths. */
function innerLists(step: unknown, at: string): [unknown, string][] {
  if (!isObject(step)) return [];
  const arms = isObject(step.fork) ? Object.entries(step.fork) : [];
  return [
    [step.steps, `${at}.steps`],
    ...arms.map(([arm, steps]) => [steps, `${at}.fork.${arm}`] as [unknown, string]),
  ];
}

/** Number and nesting of cards, as written and as executed. */
export function guardRecipe(raw: unknown): Problem[] {
  if (!isObject(raw)) return [];
  const problems: Problem[] = [];
  let cards = 0;
  const executed = (steps: unknown, path: string, depth: number): number => {
    if (!Array.isArray(steps)) return 0;
    cards += steps.length;
    return steps.reduce((sum: number, step, i) => {
      const at = `${path}.${i}`;
      if (depth > LIMITS.depth) {
        problems.push(tooDeep(at, LIMITS.depth));
        return sum;
      }
      const inner = innerLists(step, at).reduce((n, [list, p]) => n + executed(list, p, depth + 1), 0);
      const rounds = isObject(step) && typeof step.repeat === 'number' ? step.repeat : 1;
      return sum + (isObject(step) && 'do' in step ? 1 : inner * rounds);
    }, 0);
  };
  const total = executed(raw.recipe, 'recipe', 1);
  if (cards > LIMITS.cards) problems.push(badCount('recipe', 'cards', [0, LIMITS.cards], cards));
  else if (total > LIMITS.executed) {
    problems.push(badCount('recipe', 'cards to execute, all rounds counted,', [0, LIMITS.executed], total));
  }
  return problems;
}

/** Anything that passed everything else must still fit in a link. */
export function guardSize(json: string): Problem[] {
  return json.length > LIMITS.json ? [tooLarge('', LIMITS.json, json.length)] : [];
}
