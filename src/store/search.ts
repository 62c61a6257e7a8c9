/** Sensitivity curves and searches for settings: what the worker has told of them, and how to start, stop and apply. */
import * as Comlink from 'comlink';
import { create } from 'zustand';
import { cardAt } from '../spec/path';
import type { Problem } from '../spec/problem';
import { isMethod } from '../spec/types';
import type {
  Goal,
  Hits,
  ScanEvent,
  ScanPoint,
  SearchEvent,
  SearchMeasure,
  SearchPhase,
  SearchSubject,
  Setting,
  Tried,
} from '../worker/api-search';
import { labApi, useLab } from './lab';
import { huntLine, scanLine } from './search-lines';
import { workerProblem } from './worker-problem';

export interface Curves {
  /** `cut`: something else began; it goes on when the lab is idle. */
  status: 'running' | 'done' | 'stopped' | 'cut' | 'failed';
  untouched?: Hits;
  points: readonly ScanPoint[];
  /** Points there will be. */
  total: number;
  problem?: Problem;
}
export interface Hunt {
  subject: SearchSubject;
  goal: Goal;
  /** For trying settings. */
  seconds: number;
  status: 'running' | 'done' | 'stopped' | 'cut' | 'failed';
  measure?: SearchMeasure;
  tried: readonly Tried[];
  phase: SearchPhase;
  secondsLeft: number;
  /** Numbers of settings in `tried`. */
  best?: number;
  closest?: number;
  /** Not timed because the tab was not seen. */
  hidden?: boolean;
  problem?: Problem;
}
/** What Back leads to. */
export interface Applied {
  line: string;
  number: number;
  before: Setting;
}
export interface SearchState {
  /** By `scanLine`. */
  scans: Readonly<Record<string, Curves>>;
  /** By `huntLine`. */
  hunts: Readonly<Record<string, Hunt>>;
  /** What the worker scans or searches now. */
  busy?: { kind: 'scan' | 'hunt'; line: string; at: string };
  applied?: Applied;
  /** Scans unless it was stopped by hand; `again` does so all the same. */
  scan(subject: SearchSubject, again?: boolean): void;
  find(subject: SearchSubject, goal: Goal, seconds: number): void;
  /** Stops at once what runs, with what was found so far. */
  stop(): void;
  /** Writes a setting that was tried into its card, as one step of the history. */
  apply(line: string, number: number): void;
  /** Back to the values before the last `apply`. */
  back(): void;
}

const KEPT = 12;
/** Settings arrive many a second; page and charts follow a few times a second. */
const FLUSH_MS = 250;
const NO_WORKER: Problem = {
  code: 'search.worker',
  path: '',
  message: 'nothing can be measured yet: try again in a moment',
};

/** The record with one more entry, without the oldest when there are too many. */
function put<T>(all: Readonly<Record<string, T>>, line: string, one: T): Record<string, T> {
  const { [line]: _, ...others } = all;
  const rest = Object.entries(others).slice(1 - KEPT);
  return { ...Object.fromEntries(rest), [line]: one };
}

/** What an event changes. */
export function scanned(curves: Curves, event: ScanEvent): Curves {
  switch (event.type) {
    case 'start':
      return { ...curves, untouched: event.untouched, total: event.total };
    case 'points':
      return { ...curves, points: mergePoints(curves.points, event.points) };
    case 'end':
      return { ...curves, status: event.how === 'interrupted' ? 'cut' : event.how };
    case 'problem':
      return { ...curves, status: 'failed', problem: event.problem };
  }
}
function mergePoints(old: readonly ScanPoint[], more: readonly ScanPoint[]): ScanPoint[] {
  const keyOf = (p: ScanPoint) => `${p.layer} ${p.value}`;
  const news = new Set(more.map(keyOf));
  return [...old.filter((p) => !news.has(keyOf(p))), ...more];
}
export function hunted(hunt: Hunt, event: SearchEvent): Hunt {
  switch (event.type) {
    case 'start': {
      const { type: _, ...measure } = event;
      return { ...hunt, measure };
    }
    case 'tried': {
      const tried = [...hunt.tried];
      for (const one of event.tried) tried[one.number - 1] = one;
      return { ...hunt, tried };
    }
    case 'progress':
      return { ...hunt, phase: event.phase, secondsLeft: event.secondsLeft, best: event.best };
    case 'end': {
      const { type: _, how, ...outcome } = event;
      return { ...hunt, best: undefined, ...outcome, status: how === 'interrupted' ? 'cut' : how };
    }
    case 'problem':
      return { ...hunt, status: 'failed', problem: event.problem };
  }
}

export const useSearch = create<SearchState>()((set, get) => {
  /** Only the latest work is listened to. */
  let works = 0;
  /** Collects events and draws them together. */
  const batched = <E extends { type: string }>(draw: (events: E[]) => void) => {
    const mine = ++works;
    let waiting: E[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      clearTimeout(timer);
      timer = undefined;
      if (mine === works && waiting.length > 0) draw(waiting);
      waiting = [];
    };
    return (event: E) => {
      waiting.push(event);
      if (event.type === 'end' || event.type === 'problem') {
        flush();
        if (mine === works) set({ busy: undefined });
      } else timer ??= setTimeout(flush, FLUSH_MS);
    };
  };

  return {
    scans: {},
    hunts: {},
    scan(subject, again = false) {
      const line = scanLine(subject);
      const { scans, busy } = get();
      const old = scans[line];
      const settled = old && (old.status === 'done' || (old.status !== 'cut' && !again));
      const waits = busy && (busy.kind === 'hunt' || busy.at !== subject.at || busy.line === line);
      const api = labApi();
      if (settled || waits || !api) return;
      const begun: Curves = { ...(old ?? { points: [], total: 0 }), status: 'running', problem: undefined };
      set({ scans: put(scans, line, begun), busy: { kind: 'scan', line, at: subject.at } });
      const tell = batched<ScanEvent>((events) => {
        const all = get().scans;
        set({ scans: { ...all, [line]: events.reduce(scanned, all[line] ?? begun) } });
      });
      api
        .scanLayers(subject, Comlink.proxy(tell))
        .catch((error: unknown) => tell({ type: 'problem', problem: workerProblem(error) }));
    },
    find(subject, goal, seconds) {
      const line = huntLine(subject);
      const api = labApi();
      const begun: Hunt = {
        subject,
        goal,
        seconds,
        status: api ? 'running' : 'failed',
        tried: [],
        phase: 'curves',
        secondsLeft: seconds,
        ...(!api && { problem: NO_WORKER }),
      };
      cut(get, set);
      set({ hunts: put(get().hunts, line, begun), applied: undefined });
      if (!api) return;
      set({ busy: { kind: 'hunt', line, at: subject.at } });
      const tell = batched<SearchEvent>((events) => {
        const all = get().hunts;
        set({ hunts: { ...all, [line]: events.reduce(hunted, all[line] ?? begun) } });
      });
      api
        .findSettings({ ...subject, goal, seconds }, Comlink.proxy(tell))
        .catch((error: unknown) => tell({ type: 'problem', problem: workerProblem(error) }));
    },
    stop() {
      void labApi()?.stopSearch();
    },
    apply(line, number) {
      const hunt = get().hunts[line];
      const tried = hunt?.tried[number - 1];
      const { experiment, setParam, setOff } = useLab.getState();
      const { at, param } = hunt?.subject ?? { at: '', param: '' };
      const step = cardAt(experiment, at);
      if (!tried || !step || !isMethod(step)) return;
      const before = (step.with?.[param] ?? {}) as Setting;
      if (step.off) setOff(at, false);
      setParam(at, param, { ...tried.setting }, true);
      // A second one in a row leads back to where the first began.
      const { applied } = get();
      const first = applied?.line === line ? applied.before : before;
      set({ applied: { line, number, before: first } });
    },
    back() {
      const { applied, hunts } = get();
      const hunt = applied && hunts[applied.line];
      if (!applied || !hunt) return;
      useLab.getState().setParam(hunt.subject.at, hunt.subject.param, { ...applied.before }, true);
      set({ applied: undefined });
    },
  };
});

// A worker that is gone tells no end.
useLab.subscribe(({ worker }) => {
  const { busy } = useSearch.getState();
  if (worker.status !== 'dead' || !busy) return;
  cut(useSearch.getState, useSearch.setState);
  useSearch.setState({ busy: undefined });
});

/** A search takes the place of a scan that runs, which goes on afterwards. */
function cut(get: () => SearchState, set: (change: Partial<SearchState>) => void): void {
  const { busy, scans, hunts } = get();
  if (busy?.kind === 'scan')
    set({ scans: { ...scans, [busy.line]: { ...scans[busy.line], status: 'cut' } } });
  if (busy?.kind === 'hunt')
    set({ hunts: { ...hunts, [busy.line]: { ...hunts[busy.line], status: 'cut' } } });
}
