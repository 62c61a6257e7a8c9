/**
 * The Lottery view: the study on screen, what is known of it, the study that runs, and those that wait. What is
 * finished lives in the worker's vault; here are only the plans (study-queue.ts) and what the worker tells.
 */
import * as Comlink from 'comlink';
import { create } from 'zustand';
import type { Problem } from '../spec/problem';
import type { Row } from '../spec/types';
import { defaultStudy, hashStudy } from '../studies';
import { decodeStudy, encodeStudy } from '../studies/link';
import { studyPresets } from '../studies/presets';
import type { Study } from '../studies/types';
import type { StudyEvent, StudyProgress, StudyStorage } from '../worker/api-study';
import { advance, back, forth, type Timeline } from './history';
import { labApi, useLab } from './lab';
import { moved, QUEUE_MOST, recallPlans, rememberPlans } from './study-queue';
import { rowBoxes } from './study-rows';
import { useView } from './view';
import { workerProblem } from './worker-problem';

export interface StudyRun {
  study: Study;
  /** `elsewhere`: another tab runs studies and this one waits for it. */
  status: 'running' | 'paused' | 'elsewhere' | 'stopping';
  progress?: StudyProgress;
}
export interface StudyState {
  /** On screen, as its controls say. */
  study: Study;
  past: Study[];
  future: Study[];
  /** What the charts show: the same study once its rows are there, the one before until then. */
  shown: { study: Study; rows: readonly Row[] };
  /** Trainings of the study on screen that are finished, of all; undefined until the worker has said. */
  kept?: { done: number; total: number };
  run?: StudyRun;
  /** How the last run of this visit ended. */
  end?: { study: Study; how: 'done' | 'stopped' | 'interrupted' };
  queue: readonly Study[];
  /** Was running when the page went. */
  cut?: Study;
  /** Why results cannot be kept: the study goes on in memory. */
  storage?: Problem;
  /** What is kept of all studies; undefined until somebody has looked. */
  vault?: StudyStorage;
  /** Why a run failed or could not begin. */
  problem?: Problem;
  /** What is wrong with the study of a link. */
  linkProblems: readonly Problem[];

  /** Takes up the study of a link; '' for the one shown last. */
  open(text: string): void;
  /** Another study as a whole; undoable. */
  choose(study: Study): void;
  /** `commit` is false while a slider is being dragged. */
  change(change: (study: Study) => Study, commit?: boolean, key?: string): void;
  undo(): void;
  redo(): void;
  /** Runs the study on screen now; those that wait come after it. */
  start(): void;
  pause(): void;
  resume(): void;
  stop(): void;
  /** Goes on with what was cut off, else with the queue. */
  goOn(): void;
  /** Gives up what was cut off; its results stay. */
  letGo(): void;
  enqueue(): void;
  reorder(index: number, by: -1 | 1): void;
  drop(index: number): void;
  /** Undoes a drop. */
  putBack(study: Study, index: number): void;
  /** Looks what is kept of all studies. */
  look(): void;
  /** Forgets it. */
  clear(): void;
  dismiss(): void;
}

/** Charts are drawn anew with every batch of rows. */
const ROWS_MS = 500;
/** Of the settings, before the worker is asked what there is of them. */
const ASK_MS = 250;
/** Key presses on one control within this time are one entry of the undo history. */
const COALESCE_MS = 700;
const BOXES = 6;

let boxes = rowBoxes(BOXES);
const boxOf = (key: string) => boxes(key);
const plans = recallPlans();
const FIRST = studyPresets[0]?.study ?? defaultStudy();
const start = plans.running ?? plans.shown ?? FIRST;
const same = (a: Study | undefined, b: Study | undefined): boolean =>
  a !== undefined && b !== undefined && hashStudy(a) === hashStudy(b);

/** Answers to older runs and questions than these are not listened to. */
let runs = 0;
let asked = 0;
let opened = false;
let asking: ReturnType<typeof setTimeout> | undefined;
let flushing: ReturnType<typeof setTimeout> | undefined;
/** Where undo leads while a slider is being moved. */
let before: Study | undefined;
let last: { key: string; at: number } | undefined;

const NO_WORKER: Problem = {
  code: 'study.worker',
  path: '',
  message: 'nothing can be trained yet: try again in a moment',
};

export const useStudy = create<StudyState>()((set, get) => {
  const save = () => {
    const { queue, run, cut, study } = get();
    rememberPlans({ queue: [...queue], running: run?.study ?? cut, shown: study });
  };
  /** Rows of the study on screen, as far as they are known here. */
  const show = () => {
    clearTimeout(flushing);
    flushing = undefined;
    const { study } = get();
    set({ shown: { study, rows: boxOf(hashStudy(study)).list() } });
  };
  const showSoon = () => {
    flushing ??= setTimeout(show, ROWS_MS);
  };
  /** Asks the worker what there is of the study on screen. */
  const ask = () => {
    clearTimeout(asking);
    const mine = ++asked;
    asking = setTimeout(async () => {
      const { study } = get();
      const api = labApi();
      if (!api || useLab.getState().worker.status !== 'ready') return;
      try {
        const { rows, trainings } = await api.keptStudy(study);
        boxOf(hashStudy(study)).add(rows);
        if (mine === asked) set({ kept: trainings });
      } catch {
        // Why a study cannot be is told beside its controls; here it only means that nothing is kept.
        if (mine === asked) set({ kept: { done: 0, total: 0 } });
      }
      if (mine === asked) show();
    }, ASK_MS);
  };
  const become = (line: Timeline<Study>) => {
    set({ study: line.present, past: line.past, future: line.future, kept: undefined });
    useView.getState().show(encodeStudy(line.present));
    save();
    ask();
  };
  const travel = (step: typeof back<Study>) => {
    const { past, study, future } = get();
    const line = step({ past, present: before ?? study, future });
    before = undefined;
    last = undefined;
    if (line.present !== study) become(line);
  };

  const over = (how: Partial<StudyState>) => {
    set({ run: undefined, ...how });
    show();
    ask();
    save();
  };
  const begin = (study: Study) => {
    const api = labApi();
    if (!api || useLab.getState().worker.status !== 'ready') return set({ problem: NO_WORKER });
    const mine = ++runs;
    const box = boxOf(hashStudy(study));
    set({ run: { study, status: 'running' }, end: undefined, problem: undefined, cut: undefined });
    save();
    const tell = (event: StudyEvent) => {
      if (mine !== runs) return;
      const { run } = get();
      switch (event.type) {
        case 'rows':
          box.add(event.rows);
          if (same(study, get().study)) showSoon();
          return;
        case 'progress':
          if (run) set({ run: { ...run, progress: event.progress } });
          return;
        case 'status':
          if (run && run.status !== 'stopping') set({ run: { ...run, status: event.status } });
          return;
        case 'storage':
          return set({ storage: event.problem });
        case 'problem':
          // Of one part; the others go on, and an end is told in any case.
          return set({ problem: event.problem });
        case 'end':
          over({ end: { study, how: event.how } });
          if (event.how === 'done') next();
      }
    };
    api
      .runStudy(study, Comlink.proxy(tell))
      .catch((error: unknown) => mine === runs && over({ problem: workerProblem(error) }));
  };
  const next = () => {
    const [first, ...queue] = get().queue;
    if (!first) return;
    set({ queue });
    begin(first);
  };

  // The worker may come up later than the view, and what it keeps is known only then.
  useLab.subscribe((now, was) => {
    if (now.worker.status === was.worker.status) return;
    if (now.worker.status === 'ready') ask();
    if (now.worker.status === 'dead' && get().run) set({ cut: get().run?.study, run: undefined });
  });
  ask();

  return {
    study: start,
    past: [],
    future: [],
    shown: { study: start, rows: [] },
    queue: plans.queue,
    cut: plans.running,
    linkProblems: [],
    open(text) {
      if (text === '') return useView.getState().show(encodeStudy(get().study));
      // Written here: what the link before it said wrongly is still worth reading.
      if (text === encodeStudy(get().study)) return;
      const { study, problems } = decodeStudy(text);
      set({ linkProblems: problems });
      if (same(study, get().study)) return useView.getState().show(encodeStudy(study));
      get().choose(study);
      // Undo must not lead to what was there before the page was opened.
      if (!opened) set({ past: [] });
      opened = true;
    },
    choose(study) {
      before = undefined;
      last = undefined;
      const { past, study: present } = get();
      become(advance({ past, present, future: [] }, study));
    },
    change(change, commit = true, key = '') {
      const { study, past } = get();
      const next = change(study);
      if (next === study && !before) return;
      const from = before ?? study;
      before = commit ? undefined : from;
      if (!commit) return set({ study: next });
      const now = Date.now();
      const joins = key !== '' && last?.key === key && now - last.at < COALESCE_MS && past.length > 0;
      last = { key, at: now };
      become(
        joins ? { past, present: next, future: [] } : advance({ past, present: from, future: [] }, next),
      );
    },
    undo: () => travel(back),
    redo: () => travel(forth),
    start() {
      const { study, run, queue } = get();
      // A study that runs already gives way and comes next.
      if (run && !same(run.study, study)) set({ queue: [run.study, ...queue].slice(0, QUEUE_MOST) });
      set({ queue: get().queue.filter((s) => !same(s, study)) });
      begin(study);
    },
    pause: () => labApi()?.pauseStudy(),
    resume: () => labApi()?.resumeStudy(),
    stop() {
      const { run } = get();
      if (!run) return;
      set({ run: { ...run, status: 'stopping' } });
      labApi()
        ?.stopStudy()
        .catch((error: unknown) => over({ problem: workerProblem(error) }));
    },
    goOn() {
      const { cut } = get();
      if (!cut) return next();
      set({ queue: get().queue.filter((s) => !same(s, cut)) });
      get().choose(cut);
      begin(cut);
    },
    letGo() {
      set({ cut: undefined });
      save();
    },
    enqueue() {
      const { study, queue, run } = get();
      const known = same(study, run?.study) || queue.some((s) => same(s, study));
      if (!known) set({ queue: [...queue, study].slice(0, QUEUE_MOST) });
      save();
    },
    reorder(index, by) {
      set({ queue: moved(get().queue, index, by) });
      save();
    },
    drop(index) {
      set({ queue: get().queue.filter((_, i) => i !== index) });
      save();
    },
    putBack(study, index) {
      const { queue, run } = get();
      if (same(study, run?.study) || queue.some((s) => same(s, study))) return;
      set({ queue: [...queue.slice(0, index), study, ...queue.slice(index)] });
      save();
    },
    look() {
      // What cannot be counted is not told.
      labApi()
        ?.studyStorage()
        .then(
          (vault) => set({ vault, ...(vault.problem && { storage: vault.problem }) }),
          () => set({ vault: undefined }),
        );
    },
    clear() {
      labApi()
        ?.clearStudies()
        .then(() => {
          boxes = rowBoxes(BOXES);
          set({ kept: undefined });
          show();
          ask();
          get().look();
        })
        .catch((error: unknown) => set({ problem: workerProblem(error) }));
    },
    dismiss: () => set({ problem: undefined, linkProblems: [] }),
  };
});
