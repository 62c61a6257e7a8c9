/** The Speed view: what this device has measured, what a link has brought, and the study that is going on. */
import * as Comlink from 'comlink';
import { create } from 'zustand';
import { recall, remember } from '../app/memory';
import type { SpeedAxis, SpeedSubject } from '../catalog/speed';
import type { Problem } from '../spec/problem';
import type { SpeedEvent, SpeedPoint } from '../worker/api';
import { labApi } from './lab';
import { readResult, type SpeedResult, writeResult } from './speed-result';
import { workerProblem } from './worker-problem';

export interface SpeedState {
  status: 'idle' | 'running' | 'hidden';
  /** Stop was pressed; what runs now still ends. */
  stopping: boolean;
  /** Of this device, on this or an earlier visit. */
  own?: SpeedResult;
  /** From a link; never mixed with `own`. */
  foreign?: SpeedResult;
  progress?: Extract<SpeedEvent, { type: 'progress' }>;
  /** How the last study of this visit ended. */
  end?: Extract<SpeedEvent, { type: 'end' }>;
  /** Why a study failed or could not begin. */
  problem?: Problem;
  /** What is wrong with the result of a link. */
  linkProblem?: Problem;
  subject: SpeedSubject;
  batch: number;
  axis: SpeedAxis;
  choose(what: Partial<Pick<SpeedState, 'subject' | 'batch' | 'axis'>>): void;
  /** Measures these subjects; `fresh` forgets what is known of them, else only what is missing is measured. */
  start(subjects: readonly SpeedSubject[], fresh: boolean): void;
  stop(): void;
  /** Takes up the result of a link; '' for none. */
  open(shown: string): void;
  dismiss(): void;
}

const KEY = 'winnow.speed';
/** Points of different hours are not one measurement. */
const TOGETHER_MS = 3_600_000;
/** Answers to older studies than these are not listened to. */
let studies = 0;

const NO_WORKER: Problem = {
  code: 'speed.worker',
  path: '',
  message: 'nothing can be measured yet: try again in a moment',
};

function kept(): SpeedResult | undefined {
  const read = readResult(recall(KEY) ?? '');
  return 'result' in read ? read.result : undefined;
}
const keep = (result: SpeedResult | undefined) => remember(KEY, (result && writeResult(result)) ?? '');

const FIRST = { subject: 'fc-784x300', batch: 1, axis: 'sparsity' } as const;
/** The kept result, shown where it has something. */
function remembered(): Partial<SpeedState> {
  const own = kept();
  return own ? { own, ...firstOf(own, FIRST) } : {};
}

/** What is left of an earlier result when these subjects are measured. */
function before(own: SpeedResult | undefined, subjects: readonly SpeedSubject[], fresh: boolean) {
  if (!own || Date.now() - own.at > TOGETHER_MS) return undefined;
  return fresh ? { ...own, points: own.points.filter((p) => !subjects.includes(p.subject)) } : own;
}
/** The result with what an event tells; a change of device begins a new one. */
export function heard(own: SpeedResult | undefined, event: SpeedEvent, at: number): SpeedResult | undefined {
  if (event.type === 'points' && own) return { ...own, at, points: merged(own.points, event.points) };
  if (event.type !== 'start') return own;
  const { device, backend, protocol } = event;
  const same =
    own?.device === device &&
    own.backend === backend &&
    JSON.stringify(own.protocol) === JSON.stringify(protocol);
  return same ? own : { device, backend, protocol, at, points: [] };
}
const place = (p: SpeedPoint): string => [p.subject, p.series, p.axis, p.x, p.batch].join();
function merged(old: readonly SpeedPoint[], more: readonly SpeedPoint[]): SpeedPoint[] {
  const news = new Set(more.map(place));
  return [...old.filter((p) => !news.has(place(p))), ...more];
}

export const useSpeed = create<SpeedState>()((set, get) => ({
  status: 'idle',
  stopping: false,
  ...FIRST,
  ...remembered(),
  choose: (what) => set(what),
  start(subjects, fresh) {
    const api = labApi();
    if (get().status !== 'idle') return;
    if (!api) return set({ problem: NO_WORKER });
    const mine = ++studies;
    const previous = get().own;
    const own = before(previous, subjects, fresh);
    set({ status: 'running', stopping: false, problem: undefined, end: undefined, progress: undefined });
    const over = { status: 'idle', stopping: false, progress: undefined } as const;
    const tell = (event: SpeedEvent) => {
      if (mine !== studies) return;
      if (event.type === 'start') set({ own: heard(own, event, Date.now()) });
      if (event.type === 'points') set({ own: heard(get().own, event, Date.now()) });
      if (event.type === 'progress') set({ progress: event });
      if (event.type === 'hidden') set({ status: event.hidden ? 'hidden' : 'running' });
      if (event.type === 'end') set({ ...over, end: event });
      if (event.type === 'problem') set({ ...over, problem: event.problem });
      if (event.type === 'end' || event.type === 'problem') {
        // Stopped before there was anything: what was there is better than nothing.
        if (get().own?.points.length === 0 && previous) set({ own: previous });
        keep(get().own);
      }
    };
    const have = (own?.points ?? []).map(({ subject, series, axis, x, batch }) => ({
      subject,
      series,
      axis,
      x,
      batch,
    }));
    api
      .measureSpeed({ subjects, depth: 'full', have }, Comlink.proxy(tell))
      .catch((error: unknown) => tell({ type: 'problem', problem: workerProblem(error) }));
  },
  stop() {
    if (get().status === 'idle') return;
    set({ stopping: true });
    void labApi()?.stopSpeed();
  },
  open(shown) {
    if (shown === '') return set({ foreign: undefined, linkProblem: undefined });
    const read = readResult(shown);
    set(
      'result' in read
        ? { foreign: read.result, linkProblem: undefined, ...firstOf(read.result, get()) }
        : { foreign: undefined, linkProblem: read.problem },
    );
  },
  dismiss: () => set({ problem: undefined, linkProblem: undefined }),
}));

/** A result that does not have the subject on screen is shown where it has something. */
function firstOf(
  { points }: SpeedResult,
  { subject, batch }: Pick<SpeedState, 'subject' | 'batch'>,
): Partial<SpeedState> {
  if (points.length === 0 || points.some((p) => p.subject === subject && p.batch === batch)) return {};
  return { subject: points[0].subject, batch: points[0].batch, axis: points[0].axis };
}
