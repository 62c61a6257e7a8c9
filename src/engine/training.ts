/** One `train` card: from weights to trained weights, with their curve. */
import { assertTrain } from '../datasets/open';
import type { Dataset } from '../datasets/types';
import { gradualMasks, pruningSteps } from '../methods/gradual';
import { maskedAll, requireLayers } from '../methods/layers';
import type { Regime } from '../methods/regime';
import type { TrainValues } from '../methods/train';
import { kernelName, weightLayers } from '../models/build';
import { keepingHeld, refuseHeld, trainedMasks } from '../models/held';
import type { Masks, NetState, Tensors, Weights } from '../models/types';
import { Cancelled, WinnowError } from '../spec/problem';
import { dataMoves } from './augment';
import { Gates, gatedKernels } from './gates';
import { dataOrder } from './order';
import type { BareRow, Outcome, Stop, Unfinished } from './results';
import { SAMPLES, Scores, scoredKernels } from './scores';
import type { Network, OptimizerSpec, StepPenalty, Training, TrainJob } from './types';
import { HistoryTaker } from './weight-history';

export type { TrainValues };

/** What a training reads: of the data set, nothing that is only for testing. */
export type TrainData = Pick<Dataset, 'train' | 'val' | 'ready' | 'complete'>;
/** Where it begins. */
export type TrainStart = Weights & Pick<NetState, 'arch' | 'trainings'>;
export interface TrainEnv {
  network: Network;
  /** What it does beside minimizing the loss. */
  regime?: Regime;
  data: TrainData;
  device: string;
  seed: number;
  replicate: number;
  /** Path of the card, for messages. */
  card: string;
  /** Images of one part of a validation, between two turns. */
  part: number;
  /** Awaited between blocks; throws to stop. */
  turn(): Promise<void>;
  onProgress?(step: number): void;
  onRows?(rows: BareRow[]): void;
  /** Told what was reached when `turn` throws Cancelled, where the executor can go on from there. */
  onStopped?(unfinished: Unfinished): void;
  /** The device may be lost: after so many milliseconds each, `onKept` is told what was reached. */
  keepMs?: number;
  onKept?(unfinished: Unfinished): void;
}

/** Aim for one block of steps between two looks at messages. */
const BLOCK_MS = 40;
/** Steps whose mean is one point of the loss curve. */
const LOSS_WINDOW = 20;

export function optimizerOf(v: TrainValues): OptimizerSpec {
  const decay = v.weightDecay > 0 ? { weightDecay: v.weightDecay } : {};
  return v.optimizer === 'sgd'
    ? { kind: 'sgd', lr: v.lr, momentum: v.momentum, nesterov: v.nesterov && v.momentum > 0, ...decay }
    : { kind: v.optimizer, lr: v.lr, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, ...decay };
}

/**
 * Trains a copy of the weights with a fresh optimizer; validates before the first step, every `evalEvery`
 * steps and at the end. Waits for training images that are still on their way. Numbers do not depend on how the
 * steps fall into blocks, nor on whether it was stopped and taken up again.
 * @param from goes on from there instead (ignored where the executor cannot)
 * @throws WinnowError `diverged` when the loss is not finite; Cancelled when stopped
 */
export async function trainWeights(
  start: TrainStart,
  values: TrainValues,
  env: TrainEnv,
  from?: Unfinished,
): Promise<Outcome> {
  const { network, data, regime = {} } = env;
  assertTrain(data.train);
  const { batch } = values;
  const names = [env.seed, env.replicate, start.trainings, values.order] as const;
  const order = later(dataOrder(data.train.total, batch, ...names), values.from);
  const penalty = penaltyOf(start, env);
  const gates = gatesOf(start, env, from);
  const scores = scoresOf(start, env);
  requireLayers(start, 'layers', regime.schedule?.layers ?? [], env.card);
  await data.ready;
  const masks = from?.masks ?? start.masks;
  const tensors = from?.tensors ?? scores?.values(start.tensors) ?? start.tensors;
  await network.load({ ...start, tensors, masks });
  const training = network.train({
    examples: data.train,
    batch,
    optimizer: optimizerOf(values),
    indices: order,
    moves: later(dataMoves(values.augment, batch, ...names), values.from),
    penalty,
    gates,
    scores,
  });
  try {
    if (from && !training.restore) {
      training.dispose();
      return await trainWeights(start, values, env);
    }
    if (from) await training.restore?.(from.optimizer);
    return await new Course({ start, values, env, training, order, gates, scores, masks }, from).run();
  } finally {
    training.dispose();
  }
}

/** What is given by step, for a training that begins at a later one. */
function later<F extends ((step: number) => unknown) | undefined>(of: F, from: number): F {
  return (of && from > 0 ? (step: number) => of(step + from) : of) as F;
}

function penaltyOf(start: TrainStart, { regime, card }: TrainEnv): StepPenalty | undefined {
  if (!regime?.penalty) return undefined;
  const { kind, lambda, layers } = regime.penalty;
  requireLayers({ arch: start.arch }, 'layers', layers, card);
  const chosen = weightLayers(start.arch).filter(({ name }) => layers.length === 0 || layers.includes(name));
  const kernels = chosen.map(kernelName);
  // A subgradient goes the optimizer's way, which leaves what is held alone; shrinking steps do not.
  if (kind !== 'l1-subgradient') refuseHeld(start, kernels, card);
  return { kind, lambda, kernels };
}
function gatesOf(start: TrainStart, env: TrainEnv, from?: Unfinished): Gates | undefined {
  const { regime, card, seed, replicate, data } = env;
  if (!regime?.gates) return undefined;
  requireLayers(start, 'layers', regime.gates.layers, card);
  const kernels = gatedKernels(start.arch, regime.gates.layers);
  refuseHeld(
    start,
    kernels.map(({ name }) => name),
    card,
  );
  const found = kernels.find(({ name }) => start.quant[name])?.name;
  if (found) {
    const message = `gates and rounding do not go together: ${found} is quantized; put quantize after this card`;
    throw new WinnowError({ code: 'gates.quantized', path: card, message, values: { found } });
  }
  if (kernels.length === 0) {
    throw new WinnowError({
      code: 'gates.none',
      path: `${card}.with.layers`,
      message:
        'no layer here can have gates: it takes a dense layer or a convolution that does not read the image',
    });
  }
  const names = [replicate, start.trainings];
  return new Gates(kernels, regime.gates, data.train.total, { seed, names }, from?.gates);
}

function scoresOf(start: TrainStart, env: TrainEnv): Scores | undefined {
  const { regime, card, seed, replicate } = env;
  if (!regime?.scores) return undefined;
  requireLayers(start, 'layers', regime.scores.layers, card);
  const kernels = scoredKernels(start.arch, regime.scores.layers);
  const refuse = (code: string, reason: string, by: Readonly<Record<string, unknown>> = {}) => {
    const found = kernels.find(({ name }) => by[name])?.name;
    if (!found) return;
    const message = `a learned mask must come before ${found} is ${reason}`;
    throw new WinnowError({ code: `supermask.${code}`, path: card, message, values: { found } });
  };
  refuse('quantized', 'quantized', start.quant);
  refuse('held', 'held', start.held);
  const names = [replicate, start.trainings];
  return new Scores(kernels, regime.scores, start.masks, { seed, names });
}

interface Way {
  start: TrainStart;
  values: TrainValues;
  env: TrainEnv;
  training: Training;
  order: TrainJob['indices'];
  gates?: Gates;
  scores?: Scores;
  /** As it begins or goes on. */
  masks: Masks;
}

/** One training on its way from the first step to the last. */
class Course {
  readonly values: TrainValues;
  readonly env: TrainEnv;
  readonly training: Training;
  readonly order: TrainJob['indices'];
  readonly #rows: BareRow[] = [];
  readonly #losses: LossWindow;
  readonly #history: HistoryTaker;
  /** Steps after which weights are pruned. */
  readonly #prunings: readonly number[];
  /** At the lowest validation loss so far, where that is wanted. */
  #stop: Stop | undefined;
  #masks: Masks;
  /** Done so far. */
  #step: number;
  #due: boolean;
  #kept = performance.now();
  constructor(
    readonly way: Way,
    from?: Unfinished,
  ) {
    const { values, env, training, order, start, masks } = way;
    [this.values, this.env, this.training, this.order] = [values, env, training, order];
    const { schedule } = env.regime ?? {};
    this.#prunings = schedule ? pruningSteps(schedule) : [];
    this.#masks = masks;
    this.#stop = from?.stop;
    this.#step = from?.step ?? 0;
    this.#due = from?.due ?? true;
    this.#losses = new LossWindow(env.device, (rows) => this.#put(rows), from?.losses);
    this.#history = new HistoryTaker(start.arch, from?.history);
    if (from) this.#put(from.rows);
  }

  async run(): Promise<Outcome> {
    try {
      let block = 1;
      for (;;) {
        if (this.#prunings.includes(this.#step)) await this.#prune();
        if (this.#due) await this.#look();
        this.#due = false;
        if (this.#step >= this.values.steps) break;
        await this.env.turn();
        block = await this.#block(block);
        await this.#keep();
      }
      return await this.#end();
    } catch (error) {
      // A device that is lost meanwhile has been told of already.
      if (error instanceof Cancelled) await this.#stopped().catch(() => {});
      throw error;
    }
  }

  /** Done again at the same step, it changes nothing. */
  async #prune(): Promise<void> {
    const { schedule } = this.env.regime ?? {};
    if (!schedule) return;
    const tensors = await this.env.network.read();
    const { arch, held } = this.way.start;
    const trained = gradualMasks(
      arch,
      tensors,
      trainedMasks({ masks: this.#masks, held }),
      schedule,
      this.#step,
    );
    this.#masks = held ? { ...this.#masks, ...keepingHeld(trained, held) } : trained;
    await this.training.mask(this.#masks);
  }

  /** As in rows. */
  get #at(): number {
    return this.values.from + this.#step;
  }

  async #look(): Promise<void> {
    const rows = await validate(this.env, this.#at);
    const ended = await this.#ended();
    this.#history.add(this.#at, ended.tensors);
    if (this.values.earlyStop) this.#lowest(rows, ended);
    this.#put(rows);
  }
  /** The first of equal losses stays. */
  #lowest(rows: readonly BareRow[], { tensors, masks }: { tensors: Tensors; masks: Masks }): void {
    const loss = rows.find(({ metric }) => metric === 'val.loss')?.value ?? Number.NaN;
    if (this.#stop && !(loss < this.#stop.loss)) return;
    this.#stop = { step: this.#at, loss, tensors, ...this.#changed(masks) };
  }
  get #early(): { stop?: Stop } {
    return this.#stop ? { stop: this.#stop } : {};
  }
  #changed(masks: Masks): { masks?: Masks } {
    return masks === this.way.start.masks ? {} : { masks };
  }

  async #end(): Promise<Outcome> {
    if (this.env.regime?.scores?.method === 'bernoulli') await this.#sampled();
    const { tensors, masks } = await this.#ended();
    const rows = this.#rows;
    return { tensors, ...this.#changed(masks), rows, history: this.#history.taken, ...this.#early };
  }
  /** Validation accuracy of masks drawn by the probabilities that scores have come to, mean of ten. */
  async #sampled(): Promise<void> {
    const { scores } = this.way;
    let sum = 0;
    let row: BareRow | undefined;
    for (let i = 0; i < SAMPLES; i++) {
      scores?.show(i);
      [row] = await validate(this.env, this.#at);
      sum += row.value;
    }
    scores?.show();
    if (row) this.#put([{ ...row, metric: 'sampled.accuracy', value: sum / SAMPLES }]);
  }
  /** What the network would be if the training ended here. */
  async #ended(): Promise<{ tensors: Tensors; masks: Masks }> {
    const { gates, scores, env } = this.way;
    const { penalty } = env.regime ?? {};
    const tensors = maskedAll(await env.network.read(), this.#masks);
    if (gates) return gates.fold(tensors, this.#masks);
    if (scores) return scores.fold(tensors, (await this.training.save!()).moments[0]);
    const shrinks = penalty && penalty.kind !== 'l1-subgradient';
    return { tensors, masks: shrinks ? this.#zerosMasked(tensors) : this.#masks };
  }
  /** Weights that a penalty has brought to zero are pruned. */
  #zerosMasked(tensors: Tensors): Masks {
    const kernels = penaltyOf(this.way.start, this.env)?.kernels ?? [];
    const found = kernels.filter((kernel) => tensors[kernel].includes(0));
    if (found.length === 0) return this.#masks;
    const maskOf = (kernel: string) => Uint8Array.from(tensors[kernel], (w) => (w === 0 ? 0 : 1));
    return { ...this.#masks, ...Object.fromEntries(found.map((kernel) => [kernel, maskOf(kernel)])) };
  }

  /** Runs `wanted` steps, or as many as there are before the next validation or pruning. @returns how many next time */
  async #block(wanted: number): Promise<number> {
    const { values, env, training } = this;
    const look = Math.min(values.steps, (Math.floor(this.#step / values.evalEvery) + 1) * values.evalEvery);
    const stop = Math.min(look, ...this.#prunings.filter((step) => step > this.#step));
    const n = Math.min(wanted, stop - this.#step);
    await available(env, this.order, this.#step, n);
    const began = performance.now();
    const fresh = await training.run(n);
    const ms = performance.now() - began;
    this.#step += n;
    refuseDivergence(fresh, this.#at, env.card);
    this.#losses.add(fresh, this.#at, this.#step === values.steps);
    env.onProgress?.(this.#step);
    this.#due = this.#step === look;
    return Math.max(1, Math.min(200, Math.round((n * BLOCK_MS) / Math.max(ms, 0.1))));
  }

  async #stopped(): Promise<void> {
    const { onStopped } = this.env;
    if (!onStopped || this.#step === 0) return;
    const reached = await this.#reached();
    if (reached) onStopped(reached);
  }
  async #keep(): Promise<void> {
    const { keepMs, onKept } = this.env;
    if (keepMs === undefined || !onKept || performance.now() - this.#kept < keepMs) return;
    const reached = await this.#reached();
    if (reached) onKept(reached);
    this.#kept = performance.now();
  }
  async #reached(): Promise<Unfinished | null> {
    const { env, training } = this;
    if (!training.save) return null;
    const [tensors, optimizer] = [await env.network.read(), await training.save()];
    const losses = this.#losses.open;
    const gates = this.way.gates?.save();
    const history = this.#history.taken;
    const rows = [...this.#rows];
    return {
      ...{ tensors, optimizer, losses, rows, history, step: this.#step, due: this.#due },
      ...this.#changed(this.#masks),
      ...this.#early,
      ...(gates && { gates }),
    };
  }
  #put(rows: BareRow[]): void {
    this.#rows.push(...rows);
    this.env.onRows?.(rows);
  }
}

/** Resolves when every image of these steps is loaded; the data's own error comes through otherwise. */
async function available(env: TrainEnv, order: (step: number) => Uint32Array, step: number, n: number) {
  const { train, complete } = env.data;
  if (train.count === train.total) return;
  let last = 0;
  for (let s = step; s < step + n; s++) for (const i of order(s)) last = Math.max(last, i);
  while (train.count <= last) {
    await env.turn();
    await Promise.race([complete, new Promise((resolve) => setTimeout(resolve, 20))]);
  }
}

async function validate(env: TrainEnv, step: number): Promise<BareRow[]> {
  const { val } = env.data;
  let correct = 0;
  let loss = 0;
  for (let from = 0; from < val.total; from += env.part) {
    await env.turn();
    const part = await env.network.evaluate(val, from, Math.min(val.total, from + env.part));
    correct += part.correct;
    loss += part.loss;
  }
  const row = { step, basis: 'measured', device: env.device } as const;
  return [
    { ...row, metric: 'val.accuracy', value: correct / val.total, unit: 'fraction' },
    { ...row, metric: 'val.loss', value: loss / val.total, unit: 'nats' },
  ];
}

function refuseDivergence(losses: Float32Array, step: number, card: string): void {
  const bad = losses.findIndex((l) => !(l < 1e6));
  if (bad < 0) return;
  throw new WinnowError({
    code: 'diverged',
    path: `${card}.with.lr`,
    message: `training diverged at step ${step - losses.length + bad + 1} (loss ${losses[bad]}); lower the learning rate`,
    values: { step: step - losses.length + bad + 1, loss: String(losses[bad]) },
  });
}

/** Means over windows of steps, so that the curve has a bounded number of points. */
class LossWindow {
  #sum: number;
  #count: number;
  constructor(
    readonly device: string,
    readonly put: (rows: BareRow[]) => void,
    { sum, count } = { sum: 0, count: 0 },
  ) {
    this.#sum = sum;
    this.#count = count;
  }
  get open() {
    return { sum: this.#sum, count: this.#count };
  }
  add(losses: Float32Array, step: number, end: boolean): void {
    losses.forEach((loss, i) => {
      this.#sum += loss;
      this.#count++;
      const at = step - losses.length + i + 1;
      if (this.#count < LOSS_WINDOW && !(end && at === step)) return;
      const value = this.#sum / this.#count;
      const row = { step: at, metric: 'train.loss', value, unit: 'nats' } as const;
      this.put([{ ...row, basis: 'measured', device: this.device }]);
      this.#sum = 0;
      this.#count = 0;
    });
  }
}
