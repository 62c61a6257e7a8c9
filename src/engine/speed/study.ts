/** Runs a study heat by heat: makes dense network and contestants, races them, tells the points, lets them go. */
import { type SpeedSubject, speedArch, speedMacs } from '../../catalog/speed';
import type { FormId } from '../../kernels/forms/types';
import { macs, weightLayers } from '../../models/build';
import type { Arch, Weights } from '../../models/types';
import { Cancelled, WinnowError } from '../../spec/problem';
import type { SpeedEvent, SpeedPoint } from '../../worker/api';
import { executedMacs, packLayer } from '../deploy/pack';
import type { Backend, ExecForm, Inference } from '../types';
import { patterned } from './patterns';
import type { Entry, Heat } from './plan';
import { type Against, type Pace, timeHeat } from './race';

/** The tab was hidden: times of this heat are worth nothing. */
class Hidden extends Error {}

/** Says whether the page is seen, and when it is again. */
export interface Sight {
  readonly hidden: boolean;
  /** Resolves once the page is seen, or when the study is stopped. */
  seen(): Promise<void>;
}
export interface Study {
  backend: Backend;
  /** TensorFlow.js on the same kind of device, opened when it is first needed; undefined where there is none. */
  peer(): Promise<Backend | undefined>;
  heats: readonly Heat[];
  pace: Pace;
  /** Milliseconds after which no new heat begins. */
  budgetMs: number;
  sight: Sight;
  /** Awaited between samples; throws Cancelled to stop. */
  turn(): Promise<void>;
  tell(event: SpeedEvent): void;
  now(): number;
  /** Step of the clock in milliseconds. */
  grain: number;
}

export async function runStudy(study: Study): Promise<void> {
  const { heats, tell } = study;
  const clock = new Clock(study);
  let left = heats.length;
  try {
    for (const heat of heats) {
      if (clock.over()) break;
      await oneHeat(study, heat, clock);
      left--;
    }
    const rest = heats.slice(heats.length - left);
    tell({ type: 'end', how: left === 0 ? 'done' : 'budget', left: contestants(rest) });
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
    tell({ type: 'end', how: 'stopped', left: contestants(heats.slice(heats.length - left)) });
  }
}
const contestants = (heats: readonly Heat[]): number => heats.reduce((sum, h) => sum + h.entries.length, 0);

/** Runs a heat, again from its start whenever the tab was hidden meanwhile. */
async function oneHeat(study: Study, heat: Heat, clock: Clock): Promise<void> {
  const turn = async () => {
    await study.turn();
    if (study.sight.hidden) throw new Hidden();
  };
  for (;;) {
    clock.tell(heat);
    try {
      const points = await timed(study, heat, turn);
      clock.ran(heat);
      if (points.length > 0) study.tell({ type: 'points', points });
      return;
    } catch (error) {
      if (!(error instanceof Hidden)) throw error;
      const away = study.now();
      study.tell({ type: 'hidden', hidden: true });
      await study.sight.seen();
      await study.turn();
      study.tell({ type: 'hidden', hidden: false });
      clock.pause(study.now() - away);
    }
  }
}

async function timed(study: Study, heat: Heat, turn: () => Promise<void>): Promise<SpeedPoint[]> {
  const { backend, pace } = study;
  const open: Inference[] = [];
  try {
    const arch = speedArch(heat.subject);
    await turn();
    const dense = await opened(backend, arch, patterned(arch, {}));
    open.push(dense);
    const rivals: { made: Rival; entry: Entry }[] = [];
    for (const entry of heat.entries) {
      await turn();
      const made = await rival(study, entry);
      if (!made) continue;
      open.push(made.net);
      rivals.push({ made, entry });
    }
    if (rivals.length === 0) return [];
    const nets = rivals.map(({ made }) => made.net);
    const raced = await timeHeat(dense, nets, heat.batch, turn, pace, study.grain);
    return rivals.map(({ made, entry }, i) => pointOf(entry, made, raced[i]));
  } finally {
    for (const net of open) net.dispose();
  }
}

interface Rival {
  net: Inference;
  executed: number;
  kernel?: string;
}
/** Undefined where this device or this subject has no such thing. */
async function rival(study: Study, entry: Entry): Promise<Rival | undefined> {
  const { series, subject, pattern = {} } = entry;
  const { backend } = study;
  const arch = entry.arch?.() ?? speedArch(subject);
  const weights = patterned(arch, pattern);
  if (series === 'tfjs') {
    const peer = await study.peer();
    if (!peer) return undefined;
    return { net: await opened(peer, arch, weights), executed: macs(arch), kernel: peer.device };
  }
  if (series === 'masked' || series === 'channels' || series === 'low-rank') {
    return { net: await opened(backend, arch, weights), executed: macs(arch) };
  }
  return deployed(backend, arch, weights, series);
}

/** Every layer that can have the form has it, the others are dense. Undefined where none can, or this executor cannot. */
async function deployed(backend: Backend, arch: Arch, weights: Weights, form: FormId) {
  const { deploy } = backend;
  if (!deploy) return undefined;
  const layers = weightLayers(arch).map((layer) => ({ layer, packed: packLayer(layer, weights, form) }));
  const able = layers.filter(({ packed }) => packed);
  if (able.length === 0) return undefined;
  const forms = Object.fromEntries(able.map(({ layer }): [string, ExecForm] => [layer.name, form]));
  try {
    const net = await deploy.open(arch, weights, forms);
    return { net, executed: layers.reduce((sum, l) => sum + executedMacs(l.layer, l.packed), 0) };
  } catch (error) {
    if (error instanceof WinnowError && error.problem.code === 'engine.form') return undefined;
    throw error;
  }
}

/** Dense kernels: packed once and for all where the executor can, so that nothing but the form differs. */
async function opened(backend: Backend, arch: Arch, weights: Weights): Promise<Inference> {
  if (backend.deploy) return backend.deploy.open(arch, weights, {});
  const network = await backend.open(arch);
  await network.load(weights);
  return network;
}

const pointOf = (entry: Entry, made: Rival, raced: Against): SpeedPoint => ({
  subject: entry.subject,
  series: entry.series,
  axis: entry.axis,
  x: entry.x,
  batch: entry.batch,
  macs: { dense: speedMacs(entry.subject), executed: made.executed },
  ...raced,
  ...(made.kernel && { kernel: made.kernel }),
});

/** Progress in contestants; time left from how long heats took so far against what they were thought to take. */
class Clock {
  readonly #study: Study;
  readonly #began: number;
  readonly #total: number;
  #paused = 0;
  #done = 0;
  #cost = 0;
  readonly #whole: number;

  constructor(study: Study) {
    this.#study = study;
    this.#began = study.now();
    this.#total = contestants(study.heats);
    this.#whole = study.heats.reduce((sum, heat) => sum + this.#guess(heat), 0);
  }
  #elapsed(): number {
    return this.#study.now() - this.#began - this.#paused;
  }
  over(): boolean {
    return this.#elapsed() >= this.#study.budgetMs;
  }
  pause(ms: number): void {
    this.#paused += ms;
  }
  ran(heat: Heat): void {
    this.#done += heat.entries.length;
    this.#cost += this.#guess(heat);
    this.tell(heat);
  }
  tell({ subject, batch }: { subject: SpeedSubject; batch: number }): void {
    const left = this.#cost > 0 ? (this.#elapsed() / this.#cost) * (this.#whole - this.#cost) : Number.NaN;
    const secondsLeft = Math.min(left, Math.max(0, this.#study.budgetMs - this.#elapsed())) / 1000;
    this.#study.tell({
      type: 'progress',
      done: this.#done,
      total: this.#total,
      secondsLeft,
      now: subject,
      batch,
    });
  }
  /** Milliseconds on some machine; only proportions matter. */
  #guess({ subject, batch, entries }: Heat): number {
    const { rounds, slowRounds, sampleMs } = this.#study.pace;
    const pass = (speedMacs(subject) * batch) / 15e6;
    const samples = (pass > 150 ? slowRounds : rounds) + 2;
    return (entries.length + 1) * samples * Math.max(sampleMs, pass) + 30;
  }
}
