/**
 * Who gets hurt: which two states are compared, and how they answer. Asked for while somebody looks, each time the
 * state on screen has settled; a comparison that gave way to newer work is made when that has settled.
 */
import * as Comlink from 'comlink';
import { create } from 'zustand';
import type { Problem } from '../spec/problem';
import type { Experiment } from '../spec/types';
import type { CompareStates, Comparison, Pictures, StateRef } from '../worker/api-compare';
import { labApi, useLab } from './lab';
import type { RunCard } from './types';

/** `dense`, `now`, a place of the recipe (`recipe.1[2].steps.0`), or the end of a run (`run:` and its id). */
export type Choice = string;
const RUN = 'run:';
export const runChoice = (id: string): Choice => RUN + id;
export const runOf = (choice: Choice, runs: readonly RunCard[]): RunCard | undefined =>
  choice.startsWith(RUN) ? runs.find(({ id }) => runChoice(id) === choice) : undefined;

/** What is shown, and of which states. */
export interface Shown {
  comparison: Comparison;
  experiment: Experiment;
  a: Choice;
  b: Choice;
}
export interface CompareState {
  a: Choice;
  b: Choice;
  /** What there is to choose from; undefined until it is known. */
  states?: CompareStates;
  /** Ids of the runs that `states.runs` speaks of. */
  runIds: readonly string[];
  shown?: Shown;
  /** Being made now, and the share that is done where that takes long. */
  working: boolean;
  share?: number;
  /** Chosen, but must be run (again) first. */
  missing: readonly ('a' | 'b')[];
  problem?: Problem;
  choose(which: 'a' | 'b', choice: Choice): void;
  swap(): void;
}
export const useCompare = create<CompareState>()((set, get) => ({
  a: 'dense',
  b: 'now',
  runIds: [],
  working: false,
  missing: [],
  choose(which, choice) {
    set({ [which]: choice });
    void ask();
  },
  swap() {
    const { a, b } = get();
    set({ a: b, b: a });
    void ask();
  },
}));

/** Long enough not to ask while a slider is being moved. */
const SETTLE_MS = 250;
let asked = 0;

async function ask(): Promise<void> {
  const { preview, experiment, runs } = useLab.getState();
  const api = labApi();
  const mine = ++asked;
  if (!api || !preview) return;
  if (preview.dense && !preview.test) return; // On its way: its coming asks again.
  const set = (change: Partial<CompareState>) => {
    if (mine === asked) useCompare.setState(change);
  };
  const wishes = runs.map((run) => ({ experiment: run.experiment, at: run.preview?.at }));
  const states = await api.compareStates(experiment, wishes).catch(() => undefined);
  if (!states || mine !== asked) return;
  const runIds = runs.map(({ id }) => id);
  const { a, b } = chosen(states, runIds, useCompare.getState());
  set({ states, runIds, a, b });
  if (!states.ready) return set({ shown: undefined, missing: [], problem: undefined, working: false });
  set({ working: true, share: undefined });
  const refs = [a, b].map((choice) => refOf(choice, experiment, runs));
  const tell = Comlink.proxy((share: number) => set({ share }));
  const outcome = await api.compare(refs[0], refs[1], tell).catch(() => undefined);
  if (!outcome || outcome.is === 'given-up') return set({ working: false, share: undefined });
  const over = { working: false, share: undefined, missing: [], problem: undefined } as const;
  if (outcome.is === 'missing') return set({ ...over, shown: undefined, missing: outcome.which });
  if (outcome.is === 'problem') return set({ ...over, shown: undefined, problem: outcome.problem });
  set({ ...over, shown: { comparison: outcome.comparison, experiment, a, b } });
}

const refOf = (choice: Choice, experiment: Experiment, runs: readonly RunCard[]): StateRef => {
  const run = runOf(choice, runs);
  return run ? { experiment: run.experiment, at: 'now' } : { experiment, at: choice };
};
/** A place that the recipe does not have any more, or a run that was put away, is chosen no longer. */
function chosen(states: CompareStates, runIds: readonly string[], now: Pick<CompareState, 'a' | 'b'>) {
  const known = (choice: Choice) =>
    choice === 'dense' ||
    choice === 'now' ||
    states.places.some(({ at }) => at === choice) ||
    runIds.some((id) => runChoice(id) === choice);
  return { a: known(now.a) ? now.a : 'dense', b: known(now.b) ? now.b : 'now' };
}

let watchers = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let unsubscribe = () => {};
/** From now on the comparison follows what is on screen. @returns ends that, for this one who asked */
export function followState(): () => void {
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), SETTLE_MS);
  };
  if (watchers++ === 0) {
    later();
    unsubscribe = useLab.subscribe((now, before) => {
      const moved =
        now.preview?.token !== before.preview?.token || now.preview?.test !== before.preview?.test;
      if (moved || now.runs !== before.runs) later();
    });
  }
  return () => {
    if (--watchers > 0) return;
    unsubscribe();
    clearTimeout(timer);
    asked++;
    useCompare.setState({ working: false, share: undefined });
    void labApi()?.stopCompare();
  };
}

/** Test images by index; undefined while they cannot be had. */
export async function testPictures(data: string, images: readonly number[]): Promise<Pictures | undefined> {
  const answer = await labApi()
    ?.testPictures(data, images)
    .catch(() => undefined);
  return answer ?? undefined;
}
