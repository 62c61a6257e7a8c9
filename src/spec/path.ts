/**
 * Where a card is. A card's path is its property path in the experiment's JSON: `recipe.1`,
 * `recipe.1.steps.0` inside a repeat, `recipe.1.fork.ticket.0` inside an arm. Rows say more, namely in which
 * round and at which value of a sweep: see `location.ts`.
 */
import { type Experiment, isFork, isRepeat, type Step } from './types';

export interface Card {
  at: string;
  step: Step;
  /** 0 for cards of the recipe itself. */
  depth: number;
  /** Path of the list that holds the card, and its position there. */
  list: string;
  index: number;
  /** True if the card or one that encloses it is off. */
  off: boolean;
}
/** An edited experiment and where each card went; undefined for cards that are gone. */
export interface Edit {
  experiment: Experiment;
  moved(at: string): string | undefined;
}

const INDEX = /^(0|[1-9]\d{0,8})$/;

/** `recipe.1.steps.0` -> ['recipe', 1, 'steps', 0]; the empty path has no segments. */
export const parsePath = (path: string): (string | number)[] =>
  path === '' ? [] : path.split('.').map((part) => (INDEX.test(part) ? Number(part) : part));
export const formatPath = (parts: readonly (string | number)[]): string => parts.join('.');

/** The value at a property path (own properties only), or undefined. */
export function valueAt(root: unknown, path: string | readonly (string | number)[]): unknown {
  let here = root;
  for (const part of typeof path === 'string' ? parsePath(path) : path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, part)) return undefined;
    here = (here as Record<string, unknown>)[part];
  }
  return here;
}

/** `recipe.1.steps.0` -> list `recipe.1.steps`, index 0; undefined when the path does not end in a position. */
export function splitCard(at: string): { list: string; index: number } | undefined {
  const dot = at.lastIndexOf('.');
  const last = at.slice(dot + 1);
  return dot > 0 && INDEX.test(last) ? { list: at.slice(0, dot), index: Number(last) } : undefined;
}

/** Path of the card that encloses this one; undefined at the top level. */
export function parentOf(at: string): string | undefined {
  const match = /^(.+\.\d+)\.(?:steps|fork\.[^.]+)\.\d+$/.exec(at);
  return match?.[1];
}

/** All cards in document order, outer before inner. */
export function* walkCards(experiment: Pick<Experiment, 'recipe'>): Generator<Card> {
  yield* walk(experiment.recipe, 'recipe', 0, false);
}
function* walk(steps: readonly Step[], list: string, depth: number, off: boolean): Generator<Card> {
  for (const [index, step] of steps.entries()) {
    const at = `${list}.${index}`;
    const isOff = off || step.off === true;
    yield { at, step, depth, list, index, off: isOff };
    if (isRepeat(step)) yield* walk(step.steps, `${at}.steps`, depth + 1, isOff);
    if (isFork(step)) {
      for (const [arm, inner] of Object.entries(step.fork)) {
        yield* walk(inner, `${at}.fork.${arm}`, depth + 1, isOff);
      }
    }
  }
}

/** The list of cards at this path (`recipe`, `recipe.1.steps`, `recipe.1.fork.ticket`), or undefined. */
export function cardsAt(experiment: Experiment, list: string): Step[] | undefined {
  if (list === 'recipe') return experiment.recipe;
  // The card ends in its position, which tells `.steps` from an arm of that name.
  const match = /^(.+\.\d+)\.(?:(steps)|fork\.([^.]+))$/.exec(list);
  const card = match && cardAt(experiment, match[1]);
  if (!card) return undefined;
  if (match[2]) return isRepeat(card) ? card.steps : undefined;
  return isFork(card) && Object.hasOwn(card.fork, match[3]) ? card.fork[match[3]] : undefined;
}

/** The card at this path, or undefined. */
export function cardAt(experiment: Experiment, at: string): Step | undefined {
  const place = splitCard(at);
  return place && cardsAt(experiment, place.list)?.[place.index];
}

/** Copies what lies on the way to `path` and sets `value` there; everything else is shared. */
function setIn<T>(root: T, [part, ...rest]: readonly (string | number)[], value: unknown): T {
  const inner = (root as Record<string | number, unknown>)[part];
  const next = rest.length ? setIn(inner, rest, value) : value;
  if (Array.isArray(root)) return root.map((item, i) => (i === part ? next : item)) as T;
  return { ...root, [part]: next };
}

/** The experiment with another card in this place; unchanged if there is none. Paths stay as they are. */
export const replaceCard = (experiment: Experiment, at: string, step: Step): Experiment =>
  cardAt(experiment, at) ? setIn(experiment, parsePath(at), step) : experiment;

/** Where `at` ends up when positions of `list` change; undefined when the card is gone. */
function shift(at: string, list: string, to: (index: number) => number | undefined): string | undefined {
  if (!at.startsWith(`${list}.`)) return at;
  const [first, ...rest] = at.slice(list.length + 1).split('.');
  const index = to(Number(first));
  return index === undefined ? undefined : [list, index, ...rest].join('.');
}

/** Rearranges one list; the sweep follows its card, and goes with it. */
function edit(
  experiment: Experiment,
  list: string,
  steps: Step[],
  to: (index: number) => number | undefined,
): Edit {
  const moved = (at: string) => shift(at, list, to);
  const { sweep, ...rest } = setIn(experiment, parsePath(list), steps);
  const at = sweep && moved(sweep.at);
  return { experiment: sweep && at ? { ...rest, sweep: { ...sweep, at } } : rest, moved };
}
const unchanged = (experiment: Experiment): Edit => ({ experiment, moved: (at) => at });

/** Takes the card away. A sweep of it, or of a card inside it, goes too. */
export function removeCard(experiment: Experiment, at: string): Edit {
  const place = splitCard(at);
  const steps = place && cardsAt(experiment, place.list);
  if (!steps || place.index >= steps.length) return unchanged(experiment);
  const to = (i: number) => (i === place.index ? undefined : i > place.index ? i - 1 : i);
  return edit(experiment, place.list, steps.toSpliced(place.index, 1), to);
}

/** Puts a card at this path; what was there and below moves down. The end of a list is a valid place. */
export function insertCard(experiment: Experiment, at: string, step: Step): Edit {
  const place = splitCard(at);
  const steps = place && cardsAt(experiment, place.list);
  if (!steps || place.index > steps.length) return unchanged(experiment);
  return edit(experiment, place.list, steps.toSpliced(place.index, 0, step), (i) =>
    i >= place.index ? i + 1 : i,
  );
}

/** Moves a card up (-1) or down (+1) within its list; unchanged at the ends. */
export function moveCard(experiment: Experiment, at: string, by: -1 | 1): Edit {
  const place = splitCard(at);
  const steps = place && cardsAt(experiment, place.list);
  const target = place ? place.index + by : -1;
  if (!steps || place.index >= steps.length || target < 0 || target >= steps.length)
    return unchanged(experiment);
  const to = (i: number) => (i === place.index ? target : i === target ? place.index : i);
  return edit(
    experiment,
    place.list,
    steps.map((_, i) => steps[to(i)]),
    to,
  );
}
