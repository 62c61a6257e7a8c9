/**
 * The store hook. Components read with `useLab((s) => s.preview)` and act with `useLab.getState().runNow()`.
 * Edits live in edit.ts, the worker's news in events.ts, undo in history.ts, the address in link.ts, the
 * talk with the worker in session.ts; here they meet.
 */
import { create } from 'zustand';
import { presets, repair } from '../catalog';
import { methods } from '../methods/registry';
import type { ParamValue } from '../spec/params';
import { type Edit, insertCard, moveCard, removeCard } from '../spec/path';
import type { Experiment } from '../spec/types';
import * as edit from './edit';
import { addProblem } from './events';
import { advance, back, forth } from './history';
import { runCard, withRun } from './runs';
import type { Session } from './session';
import type { LabState, LabStore } from './types';

const sliders = new Set(methods.filter((m) => m.slider).map((m) => m.id));
const start = presets[0].experiment;

const initial: LabState = {
  experiment: start,
  preset: presets[0].id,
  active: edit.firstActive(start, sliders),
  past: [],
  future: [],
  data: { loaded: 0, total: 0, ready: false },
  run: { status: 'idle' },
  cards: {},
  rows: [],
  runs: [],
  problems: [],
  worker: { status: 'starting' },
};

/** Told of changes of the experiment: the address and the preview follow. Absent until the page starts. */
export interface Listener {
  /** `settled` is false while a slider is being dragged. */
  edited(experiment: Experiment, settled: boolean): void;
  opened(experiment: Experiment): void;
}
let listener: Listener | undefined;
let talk: Session | undefined;
/** Ties the store to the page's address and the worker. */
export function attach(to: Listener | undefined, with_: Session | undefined): void {
  listener = to;
  talk = with_;
}
/** The worker itself, for questions whose answers the store does not keep; undefined once it is gone. */
export const labApi = (): Session['api'] => talk?.api;

/** Key presses on one control within this time are one entry of the undo history. */
const COALESCE_MS = 700;

export const useLab = create<LabStore>()((set, get) => {
  /** Where undo leads while a slider is being moved. */
  let before: Experiment | undefined;
  let last: { key: string; at: number } | undefined;

  /** Makes `next` the experiment; with `commit` as one step of the undo history. */
  const become = (next: Experiment, { commit = true, key = '', active }: Becoming = {}) => {
    const { experiment, past } = get();
    if (next === experiment && !before) return;
    const from = before ?? experiment;
    before = commit ? undefined : from;
    if (!commit) {
      set({ experiment: next });
      listener?.edited(next, false);
      return;
    }
    const now = Date.now();
    const joins = key !== '' && last?.key === key && now - last.at < COALESCE_MS && past.length > 0;
    last = { key, at: now };
    const line = joins ? { past, future: [] } : advance({ past, present: from, future: [] }, next);
    const kept = sameSubject(from, next) ? {} : { rows: [] };
    set({ experiment: next, past: line.past, future: [], ...kept, ...(active !== undefined && { active }) });
    listener?.edited(next, true);
  };
  const rearrange = (change: Edit, active?: string) => {
    const kept = active ?? change.moved(get().active) ?? edit.firstActive(change.experiment, sliders);
    become(change.experiment, { active: kept });
  };
  const travel = (step: typeof back<Experiment>) => {
    const { past, experiment, future, active } = get();
    const line = step({ past, present: before ?? experiment, future });
    before = undefined;
    last = undefined;
    if (line.present === experiment) return;
    const stays = edit.hasSlider(line.present, active, sliders);
    set({
      ...(sameSubject(experiment, line.present) ? {} : { rows: [] }),
      experiment: line.present,
      past: line.past,
      future: line.future,
      active: stays ? active : edit.firstActive(line.present, sliders),
    });
    listener?.edited(line.present, true);
  };
  const tell = (talking: (s: Session) => void) => {
    if (talk) talking(talk);
  };

  return {
    ...initial,
    open(experiment, preset) {
      const { experiment: from, past, run } = get();
      const line = advance({ past, present: from, future: [] }, experiment);
      // Progress and Stop on screen must mean what is on screen; what the run finished is kept.
      if (run.status === 'running' || run.status === 'paused') tell((s) => s.stop());
      before = undefined;
      set({
        experiment,
        preset,
        active: edit.firstActive(experiment, sliders),
        past: line.past,
        future: [],
        rows: [],
        cards: {},
        preview: undefined,
        sweep: undefined,
        branch: undefined,
      });
      listener?.opened(experiment);
    },
    setActive(at) {
      if (at === get().active) return;
      set({ active: at });
      tell((s) => s.preview());
    },
    setParam(at, name, value, commit = true) {
      const next = edit.setParam(get().experiment, at, name, value as ParamValue);
      become(next, { commit, key: `${at}.${name}` });
    },
    setOff(at, off) {
      const next = edit.setOff(get().experiment, at, off);
      const { active } = get();
      // The charts follow the card that was switched on, and leave one that was switched off.
      const mine = !off && edit.hasSlider(next, at, sliders);
      const gone = off && (active === at || active.startsWith(`${at}.`));
      become(next, { active: mine ? at : gone ? edit.firstActive(next, sliders) : active });
    },
    move: (at, by) => rearrange(moveCard(get().experiment, at, by)),
    remove: (at) => rearrange(removeCard(get().experiment, at)),
    duplicate: (at) => rearrange(edit.duplicate(get().experiment, at)),
    reset: (at) => become(edit.resetCard(get().experiment, at)),
    add: (step, after) =>
      get().addAt(step, (after && edit.next(after)) || `recipe.${get().experiment.recipe.length}`),
    addAt(step, at) {
      const added = insertCard(get().experiment, at, step);
      rearrange(added, edit.hasSlider(added.experiment, at, sliders) ? at : undefined);
    },
    setField(field, value) {
      // Another network may lack layers that cards name; those settings fall back, and it is said.
      const { experiment, problems } = repair({ ...get().experiment, [field]: value });
      become(experiment);
      for (const problem of problems) get().report(problem);
    },
    startFrom(file, model) {
      const next = edit.startFrom(get().experiment, file);
      // Cards below may name layers that this network lacks; they are off, and fall back without a word.
      become(repair(model ? { ...next, model } : next).experiment, { active: 'recipe.0' });
    },
    setSeed: (name, value) => get().setSeeds({ ...get().experiment.seeds, [name]: value }),
    setSeeds: (seeds) => become({ ...get().experiment, seeds }, { key: 'seeds' }),
    setRounds: (at, rounds) => become(edit.setRounds(get().experiment, at, rounds), { key: `${at}.repeat` }),
    undo: () => travel(back),
    redo: () => travel(forth),
    runNow: () => tell((s) => s.run()),
    pause: () => tell((s) => s.pause()),
    resume: () => tell((s) => s.resume()),
    stop: () => tell((s) => s.stop()),
    rerunFrom: (at) => tell((s) => s.rerunFrom(at)),
    keep() {
      const { experiment, preview, sweep, rows, branch } = get();
      const kept = runCard(experiment, { preview, sweep, rows, parent: branch, pinned: true });
      set({ runs: withRun(get().runs, kept) });
    },
    openRun(id) {
      const run = get().runs.find((r) => r.id === id);
      if (!run) return;
      get().open(run.experiment);
      set({ branch: id, rows: run.rows, preview: run.preview, sweep: run.sweep });
    },
    pin: (id, pinned) => set({ runs: get().runs.map((r) => (r.id === id ? { ...r, pinned } : r)) }),
    discard: (id) => set({ runs: get().runs.filter((r) => r.id !== id) }),
    dismiss(index) {
      set({ problems: index === undefined ? [] : get().problems.filter((_, i) => i !== index) });
    },
    report: (problem) => set({ problems: addProblem(get().problems, problem) }),
    useBackend: (id) => tell((s) => s.useBackend(id)),
  };
});
/** Curves of another network, other data or other seeds are not this experiment's. */
const sameSubject = (a: Experiment, b: Experiment): boolean =>
  a.model === b.model && a.data === b.data && seedsOf(a) === seedsOf(b);
const seedsOf = ({ seeds }: Experiment): string => `${seeds.init}/${seeds.order}/${seeds.method}`;
interface Becoming {
  commit?: boolean;
  /** Same control as the last change: joins its undo entry. */
  key?: string;
  active?: string;
}
