/** What an event of the worker changes on screen. Pure, so that it can be tested without a worker. */
import type { LabEvent, SweepPoint } from '../worker/api';
import type { LabState, SweepView } from './types';

type Change = Partial<LabState>;

/** Two problems that say the same are one. */
export function addProblem(problems: LabState['problems'], more: LabState['problems'][number]) {
  const same = problems.some(
    (p) => p.code === more.code && p.path === more.path && p.message === more.message,
  );
  return same ? problems : [...problems, more];
}

/** Points by value, newest wins, in rising order. */
function mergePoints(old: readonly SweepPoint[], fresh: readonly SweepPoint[]): SweepPoint[] {
  const byValue = new Map(old.map((p) => [p.value, p]));
  for (const p of fresh) byValue.set(p.value, p);
  return [...byValue.values()].sort((a, b) => a.value - b.value);
}

/**
 * Points of a sweep join those on screen while they belong to one line (same card, same parameter, and
 * nothing else of the experiment changed: `sameLine`), and start a new line otherwise.
 */
export function withSweep(
  sweep: SweepView | undefined,
  event: Extract<LabEvent, { type: 'sweep' }>,
  sameLine: boolean,
): SweepView | undefined {
  const [first] = event.points;
  if (!first) return sweep && { ...sweep, done: event.done };
  const joins = sameLine && sweep?.at === first.at && sweep.param === first.param;
  const points = mergePoints(joins ? sweep.points : [], event.points);
  return { at: first.at, param: first.param, points, done: event.done };
}

/** A preview knows every card, but not yet that one of them has just begun to train. */
function mergeCards({ cards, run }: LabState, told: LabState['cards']): LabState['cards'] {
  if (run.status !== 'running') return told;
  const training = Object.keys(told).filter((at) => cards[at] === 'running' && told[at] === 'needs-run');
  return { ...told, ...Object.fromEntries(training.map((at) => [at, 'running' as const])) };
}

/** Refusals of a card (codes `method.what`) end when every card can be applied again. */
function mended(problems: LabState['problems'], cards: LabState['cards']): Change {
  if (Object.values(cards).includes('failed')) return {};
  const left = problems.filter(({ code, path }) => !(code.includes('.') && path.startsWith('recipe.')));
  return left.length === problems.length ? {} : { problems: left };
}

function runEvent(state: LabState, { status, hash }: Extract<LabEvent, { type: 'run' }>): Change {
  const fresh = status === 'running' && state.run.status !== 'paused';
  return {
    run: { status, hash },
    ...(fresh && state.run.hash !== hash && { rows: [] }),
    ...(status !== 'running' && status !== 'paused' && { progress: undefined }),
  };
}

/** New values for the fields that change; `{}` for what is out of date. Rows and sweeps are the caller's. */
export function reduce(state: LabState, event: LabEvent): Change {
  switch (event.type) {
    case 'data': {
      const { type: _, ...data } = event;
      return { data };
    }
    case 'device':
      return { device: event.report };
    case 'run':
      return runEvent(state, event);
    case 'card':
      return { cards: { ...state.cards, [event.at]: event.status } };
    case 'progress':
      return { progress: event.progress };
    case 'preview': {
      const late = state.preview !== undefined && event.preview.token < state.preview.token;
      if (late) return {};
      const { preview } = event;
      return { preview, cards: mergeCards(state, preview.cards), ...mended(state.problems, preview.cards) };
    }
    case 'problem':
      // Told by a notice of its own for as long as it is so.
      if (event.problem.code === 'own.missing' || event.problem.code === 'open.missing') return {};
      return { problems: addProblem(state.problems, event.problem) };
    default:
      return {};
  }
}
