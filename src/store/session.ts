/** The talk with the worker: previews no faster than the screen, rows in batches, and what to do when it dies. */
import { datasetOf } from '../catalog';
import { i18n } from '../i18n';
import { inRunOrder } from '../spec/row-order';
import type { Experiment, Row } from '../spec/types';
import type { LabApi, LabEvent } from '../worker/api';
import { type LabClient, startClient } from '../worker/client';
import { addProblem, reduce, withSweep } from './events';
import { runCard, withRun } from './runs';
import { lineKey } from './sweep';
import type { LabState, LabStore } from './types';
import { workerProblem } from './worker-problem';

export interface Session {
  preview(): void;
  run(): void;
  pause(): void;
  resume(): void;
  stop(): void;
  rerunFrom(at: string): void;
  useBackend(id: string): void;
  /** For what the store does not keep (inspection, guesses); undefined once the worker is gone. */
  readonly api: LabClient['api'] | undefined;
}
type Get = () => LabStore;
type Set = (change: Partial<LabState>) => void;
type Backend = NonNullable<Parameters<LabApi['boot']>[1]>;

/** Charts are drawn anew with every batch of rows: a few times a second is live enough and leaves the page its time. */
const ROWS_MS = 400;
const SWEEP_MS = 300;
/** Figures that run beside a bar need no more. */
const PROGRESS_MS = 150;
/** Without a word for this long while running, the worker is asked whether it is alive. */
const SILENCE_MS = 30_000;
const ANSWER_MS = 15_000;

/** Starts the worker and ties its events to the store. */
export function startSession(get: Get, set: Set, want?: Backend): Session {
  let client: LabClient | undefined;
  let heard = Date.now();
  let frame: number | undefined;
  let ran: Experiment | undefined;
  let fresh: Row[] = [];
  let flushing: ReturnType<typeof setTimeout> | undefined;

  const die = (reason: string) => {
    client?.dispose();
    client = undefined;
    const { run } = get();
    const cut = run.status === 'running' || run.status === 'paused';
    set({
      worker: { status: 'dead', message: reason },
      progress: undefined,
      ...(cut && { run: { ...run, status: 'failed' as const } }),
    });
  };
  /** An uncaught error of a worker that still answers is a problem to show, not the end. */
  const probe = async (reason: string) => {
    if (!client || (await client.alive(ANSWER_MS))) {
      if (client && reason) set({ problems: addProblem(get().problems, workerProblem(reason)) });
      return;
    }
    die(reason || i18n.t('worker.silent'));
  };
  const failed = (error: unknown) => {
    if ((error as Error)?.name === 'Cancelled') return;
    set({ problems: addProblem(get().problems, workerProblem(error)) });
  };
  const call = (use: (api: LabClient['api']) => Promise<unknown>) => {
    if (client && get().worker.status === 'ready') use(client.api).catch(failed);
  };

  const flush = () => {
    clearTimeout(flushing);
    flushing = undefined;
    if (fresh.length) set({ rows: [...get().rows, ...fresh] });
    fresh = [];
  };
  /** The last run's card shows the newest numbers of the very experiment that ran. */
  const updateCard = (add: boolean) => {
    const { experiment, preview, sweep, rows, branch, runs } = get();
    if (!ran) return;
    const card = runCard(ran, { rows, parent: branch, pinned: false });
    if (!add && !runs.some((r) => r.hash === card.hash)) return;
    const shown = experiment === ran ? { preview, sweep } : {};
    set({ runs: withRun(runs, { ...card, ...shown }) });
  };
  const hear = (event: LabEvent) => {
    heard = Date.now();
    if (event.type === 'rows') {
      fresh.push(...event.rows);
      flushing ??= setTimeout(flush, ROWS_MS);
      return;
    }
    if (event.type === 'sweep') return hearSweep(event);
    if (event.type === 'progress') return hearProgress(event);
    if (event.type === 'run') flush();
    set(reduce(get(), event));
    if (event.type === 'run' && event.status !== 'running' && event.status !== 'paused') {
      if (ran) set({ rows: inRunOrder(get().rows, ran) });
      if (event.status === 'done') updateCard(true);
      preview();
    }
    if (event.type === 'preview' && ran === get().experiment) updateCard(false);
  };
  let told: Extract<LabEvent, { type: 'progress' }> | undefined;
  const hearProgress = (event: NonNullable<typeof told>) => {
    if (told === undefined) setTimeout(tellProgress, PROGRESS_MS);
    told = event;
  };
  /** Only while running: the last word may come after the end. */
  const tellProgress = () => {
    const { status } = get().run;
    if (told && (status === 'running' || status === 'paused')) set(reduce(get(), told));
    told = undefined;
  };
  type Sweep = Extract<LabEvent, { type: 'sweep' }>;
  let points: Sweep | undefined;
  let drawing: ReturnType<typeof setTimeout> | undefined;
  /** Points arrive one by one; both sweep charts are drawn anew for a few at a time. */
  const hearSweep = (event: Sweep) => {
    const joins = points !== undefined && points.token === event.token;
    points = joins && points ? { ...event, points: [...points.points, ...event.points] } : event;
    if (event.done) drawSweep();
    else drawing ??= setTimeout(drawSweep, SWEEP_MS);
  };
  const drawSweep = () => {
    clearTimeout(drawing);
    drawing = undefined;
    if (points) showSweep(points);
    points = undefined;
  };
  const showSweep = (event: Sweep) => {
    const { preview, sweep, experiment } = get();
    if (preview && event.token < preview.token) return;
    const first = event.points[0];
    const key = first ? lineKey(experiment, first.at, first.param) : sweep?.line;
    const drawn = withSweep(sweep, event, key === sweep?.line);
    set({ sweep: drawn && key !== undefined ? { ...drawn, line: key } : drawn });
    if (event.done && ran === experiment) updateCard(false);
  };

  const preview = () => {
    if (frame !== undefined) return;
    frame = requestAnimationFrame(() => {
      frame = undefined;
      const { experiment, active } = get();
      call((api) => api.preview(experiment, active || undefined));
    });
  };
  const run = () => {
    const { experiment, worker } = get();
    if (worker.status === 'dead') return;
    ran = experiment;
    fresh = [];
    set({ run: { status: 'running' }, rows: [], progress: undefined });
    const begin = (api: LabClient['api']) =>
      api.run(experiment).catch((error) => {
        set({ run: { status: 'failed' }, progress: undefined });
        failed(error);
      });
    void booted.then(() => call(begin));
  };

  /** The worker times nothing while the tab is hidden. */
  const tellSeen = () => call(async (api) => api.visible(document.visibilityState !== 'hidden'));

  const start = async () => {
    client = startClient((reason, fatal) => (fatal ? die(reason) : void probe(reason)));
    const { data } = get().experiment;
    await client.boot(hear, want, datasetOf(data) && data);
    if (!client) return;
    set({ worker: { status: 'ready' } });
    tellSeen();
    document.addEventListener('visibilitychange', tellSeen);
    preview();
  };
  const booted = start().catch((error) => die((error as Error)?.message ?? String(error)));
  setInterval(() => {
    if (get().run.status === 'running' && Date.now() - heard > SILENCE_MS) void probe('');
  }, SILENCE_MS / 3);

  return {
    preview,
    run,
    pause: () => call((api) => api.pause()),
    resume: () => call((api) => api.resume()),
    stop: () => call((api) => api.stop()),
    rerunFrom(at) {
      const { experiment } = get();
      void booted.then(() =>
        call(async (api) => {
          await api.forget(experiment, at);
          run();
        }),
      );
    },
    useBackend: (id) =>
      call(async (api) => {
        await api.useBackend(id as Backend | 'auto');
        preview();
      }),
    get api() {
      return client?.api;
    },
  };
}
