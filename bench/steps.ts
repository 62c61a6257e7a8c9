/**
 * The training step in a real browser: ours and every TensorFlow.js backend, each in a worker of its own, and PyTorch
 * on one thread beside the browser where a python has it. Contestants take turns in short blocks, so that a busy
 * machine slows all alike. `npm run bench -- steps`; STEP_LIMIT=300 allows a step five minutes, STEP_NETWORKS and
 * STEP_BY (commas between) choose among networks and contestants.
 */
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from '@playwright/test';
import { build, preview } from 'vite';
import { browserArgs, findBrowser, webgpuArgs } from '../scripts/browser.mjs';
import type { Contestants } from './browser/main';
import type { Contestant, ContestantId, Cost, Task } from './browser/worker';
import { pytorch, type Torch } from './pytorch';
import { quantile, row } from './stats';
import type { Bench, BenchRow } from './types';

const TASKS: readonly Task[] = [
  { model: 'lenet-300-100', data: 'mnist', shape: [28, 28, 1], batch: 60 },
  { model: 'lenet-5', data: 'mnist', shape: [28, 28, 1], batch: 60 },
  { model: 'conv-2', data: 'cifar-10', shape: [32, 32, 3], batch: 60 },
  { model: 'resnet-8', data: 'cifar-10', shape: [32, 32, 3], batch: 128 },
];
const CONTESTANTS: readonly ContestantId[] = [
  'simd',
  'webgpu',
  'tfjs-wasm',
  'tfjs-webgl',
  'tfjs-cpu',
  'tfjs-webgpu',
];
const ROUNDS = 5;
/** A turn lasts about this long, or one step. */
const TURN_MS = 400;
/** Seconds that a contestant may take for its first step of a network. */
const LIMIT = Number(process.env.STEP_LIMIT ?? 60);
const chosen = <T extends string>(name: string, all: readonly T[]): readonly T[] => {
  const wanted = process.env[name]?.split(',');
  return wanted ? all.filter((id) => wanted.includes(id)) : all;
};
/** Steps so slow are measured once only. */
const SLOW_MS = 8000;
const REACH = { accuracy: 0.97, budget: 60, by: ['simd', 'webgpu', 'tfjs-wasm', 'tfjs-webgl'] } as const;

interface Entry {
  model: string;
  who: string;
  ms: number[];
  js: number[];
  launches?: number;
  bytes?: number;
  /** Why there is nothing. */
  missing?: string;
}
/** What takes turns: a worker of the page, or PyTorch. */
interface Runner {
  entry: Entry;
  steps: number;
  once: boolean;
  turn(steps: number): Promise<Pick<Cost, 'ms' | 'js'>>;
}

const call = <K extends keyof Contestant>(
  page: Page,
  id: ContestantId,
  name: K,
  ...args: Parameters<Contestant[K]>
): Promise<Awaited<ReturnType<Contestant[K]>>> =>
  page.evaluate(
    ([who, what, values]) => {
      const { contestants } = window as unknown as { contestants: Contestants };
      return (contestants.of(who)[what] as unknown as (...v: unknown[]) => unknown)(...(values as unknown[]));
    },
    [id, name, args] as const,
  ) as Promise<Awaited<ReturnType<Contestant[K]>>>;
const control = (page: Page, name: 'open' | 'close', id: ContestantId): Promise<string> =>
  page.evaluate(
    ([what, who]) =>
      (window as unknown as { contestants: Contestants }).contestants[what](who) as Promise<string>,
    [name, id] as const,
  );

const within = <T>(work: Promise<T>, seconds: number): Promise<T> => {
  let timer: NodeJS.Timeout;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`its first step took more than ${seconds} s`)), seconds * 1000);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};
const why = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/^page\.evaluate: /, '').split('\n')[0];

const names = new Map<ContestantId, string>();
/** Opens the worker if it is not open, and makes what is made once. */
async function ready(page: Page, id: ContestantId, task: Task): Promise<Runner> {
  if (!names.has(id)) names.set(id, await control(page, 'open', id));
  const entry: Entry = { model: task.model, who: `${label(id)}, ${names.get(id)}`, ms: [], js: [] };
  try {
    await within(call(page, id, 'warmUp', task), LIMIT);
    const { ms } = await call(page, id, 'time', task, 1);
    const { launches, bytes } = ms > SLOW_MS ? {} : await call(page, id, 'count', task, 2);
    Object.assign(entry, { launches, bytes });
    const steps = Math.max(1, Math.min(200, Math.round(TURN_MS / ms)));
    return {
      entry,
      once: ms > SLOW_MS,
      // JavaScript of TensorFlow.js can be told from waiting only within a single step.
      steps: id.startsWith('tfjs-web') ? 1 : steps,
      turn: (n) => call(page, id, 'time', task, n),
    };
  } catch (error) {
    // The next network gets a new worker.
    await control(page, 'close', id);
    names.delete(id);
    return { entry: { ...entry, missing: why(error) }, once: true, steps: 0, turn: async () => ({ ms: 0 }) };
  }
}
const label = (id: ContestantId) => (id.startsWith('tfjs') ? 'TensorFlow.js' : 'ours');

async function torchRunner(torch: Torch, task: Task): Promise<Runner> {
  const entry: Entry = { model: task.model, who: torch.name, ms: [], js: [] };
  const turn = async (steps: number) => ({ ms: (await torch.step(task.model, task.batch, steps)).wall });
  await turn(1);
  const { ms } = await turn(1);
  return { entry, once: false, steps: Math.max(1, Math.min(200, Math.round(TURN_MS / ms))), turn };
}

async function race(page: Page, torch: Torch | undefined, task: Task): Promise<Entry[]> {
  const runners: Runner[] = [];
  for (const id of chosen('STEP_BY', CONTESTANTS)) runners.push(await ready(page, id, task));
  if (torch) runners.push(await torchRunner(torch, task));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { entry, steps, once, turn } of runners) {
      if (entry.missing || (once && round > 0)) continue;
      const { ms, js } = await turn(steps);
      entry.ms.push(ms);
      if (js !== undefined) entry.js.push(js);
    }
  }
  return runners.map(({ entry }) => entry);
}

/** Two WebGPU paths whose commands are thrown away: milliseconds of CPU per step. */
async function nullDevice(page: Page, log: (line: string) => void): Promise<BenchRow[]> {
  const [task] = TASKS;
  const ids = ['webgpu-null', 'tfjs-webgpu-null'] as const;
  const times: number[][] = [[], []];
  for (const id of ids) {
    await control(page, 'open', id);
    await call(page, id, 'warmUp', task);
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, id] of ids.entries()) {
      times[i].push((await call(page, id, 'time', task, i === 0 ? 200 : 10)).ms);
    }
  }
  for (const id of ids) await control(page, 'close', id);
  const ratios = times[1].map((ms, i) => ms / times[0][i]);
  log(`null device: ${quantile(ratios, 0.5).toFixed(0)} times less CPU time a step than TensorFlow.js`);
  const note = 'submits are thrown away, so this is what the CPU needs to ask for a step';
  return [
    row('steps', 'lenet-300-100, WebGPU without a device, ours: CPU per step', 'ms', times[0], note),
    row('steps', 'lenet-300-100, WebGPU without a device, TensorFlow.js: CPU per step', 'ms', times[1], note),
    row(
      'steps',
      'lenet-300-100, WebGPU without a device: TensorFlow.js / ours',
      'x',
      ratios,
      'median over rounds',
    ),
  ];
}

async function reach(page: Page, log: (line: string) => void): Promise<BenchRow[]> {
  const [task] = TASKS;
  const rows: BenchRow[] = [];
  const what = (who: string) => `lenet-300-100, ${who}: training until 97 % of validation`;
  for (const id of REACH.by) {
    if (!names.has(id)) names.set(id, await control(page, 'open', id));
    const found = await call(page, id, 'reach', task, REACH.accuracy, REACH.budget).catch(() => null);
    const who = `${label(id)}, ${names.get(id)}`;
    log(`97 % by ${who}: ${found ? `${found.seconds.toFixed(1)} s, ${found.steps} steps` : 'NOT REACHED'}`);
    if (found) {
      rows.push(row('steps', what(who), 's', [found.seconds], `${found.steps} steps, looked at every 100`));
    }
  }
  return rows;
}

const round = (value: number) => (value >= 100 ? String(Math.round(value)) : value.toPrecision(2));
const kilobytes = (bytes: number) =>
  bytes === 0 ? '0' : `${Math.round(bytes / 1024).toLocaleString('en')} KiB`;

/** The table of the README. Ratios are to our simd in the same run. */
export function markdown(entries: readonly Entry[]): string {
  const lines = entries.map((e) => {
    const base = entries.find((o) => o.model === e.model && o.who.startsWith('ours, CPU'))!;
    if (e.missing) return `| ${e.model} | ${e.who} | NOT RUN: ${e.missing} | | | | |`;
    const ms = quantile(e.ms, 0.5);
    const ratio = quantile(
      e.ms.map((v, i) => v / base.ms[Math.min(i, base.ms.length - 1)]),
      0.5,
    );
    const js = e.js.length > 0 ? round(quantile(e.js, 0.5)) : '–';
    const launches = e.launches === undefined ? '–' : String(Math.round(e.launches));
    const bytes = e.bytes === undefined ? '–' : kilobytes(e.bytes);
    return `| ${e.model} | ${e.who} | ${round(ms)} | ${ratio.toFixed(2)}x | ${js} | ${launches} | ${bytes} |`;
  });
  return [
    '| network | by | ms per step | to our SIMD | JavaScript ms | launches | bytes allocated |',
    '|---|---|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}

function rowsOf({ model, who, ms, js, launches, bytes, missing }: Entry): BenchRow[] {
  const what = `${model}, ${who}: Adam step`;
  if (missing)
    return [{ part: 'steps', what, value: Number.NaN, unit: 'ms', n: 0, note: `NOT RUN: ${missing}` }];
  const one = (name: string, unit: string, value: number | undefined) =>
    value === undefined ? [] : [row('steps', `${what}, ${name}`, unit, [value])];
  return [
    row('steps', what, 'ms', ms),
    ...(js.length > 0 ? [row('steps', `${what}, JavaScript of it`, 'ms', js)] : []),
    ...one('launches', '', launches),
    ...one('bytes allocated', 'bytes', bytes),
  ];
}

export const bench: Bench = async (log) => {
  const root = fileURLToPath(new URL('./browser', import.meta.url));
  const publicDir = fileURLToPath(new URL('../public', import.meta.url));
  const outDir = fileURLToPath(new URL('../test-results/bench', import.meta.url));
  const common = {
    configFile: false,
    root,
    publicDir,
    logLevel: 'error',
    build: { outDir, emptyOutDir: true },
  } as const;
  await build({ ...common, worker: { format: 'es' } });
  const server = await preview({ ...common, preview: { port: 0 } });
  const hardware = process.env.WEBGPU_ADAPTER === 'hardware';
  const gpu = hardware ? ['--enable-unsafe-webgpu'] : [...webgpuArgs, '--enable-unsafe-swiftshader'];
  const browser = await chromium.launch({ executablePath: findBrowser(), args: [...browserArgs, ...gpu] });
  const torch = await pytorch();
  if (!torch) log('PyTorch: NOT RUN, no python3 here has torch');
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0);
    await page.addInitScript('globalThis.__name = (f) => f');
    await page.goto(server.resolvedUrls!.local[0]);
    const entries: Entry[] = [];
    const networks = chosen(
      'STEP_NETWORKS',
      TASKS.map((t) => t.model),
    );
    for (const task of TASKS.filter((t) => networks.includes(t.model))) {
      const found = await race(page, torch, task);
      // Told at once: a later network may take very long.
      log(`${task.model}\n${markdown(found)}\n`);
      entries.push(...found);
    }
    return [...entries.flatMap(rowsOf), ...(await reach(page, log)), ...(await nullDevice(page, log))];
  } finally {
    torch?.close();
    await browser.close();
    await server.close();
  }
};
