/** One `train` card: from a state to the trained state, with its curve. */
import { assertTrain } from '../datasets/open';
import type { Dataset } from '../datasets/types';
import type { train } from '../methods/train';
import type { NetState } from '../models/types';
import type { ValuesOf } from '../spec/params';
import { WinnowError } from '../spec/problem';
import { dataOrder } from './order';
import type { BareRow, Trained } from './results';
import type { Network, OptimizerSpec, TrainJob } from './types';

export type TrainValues = ValuesOf<typeof train.params>;

export interface TrainEnv {
  network: Network;
  data: Dataset;
  device: string;
  seed: number;
  replicate: number;
  /** Path of the card, for messages. */
  card: string;
  /** Awaited between blocks; throws to stop. */
  turn(): Promise<void>;
  onProgress?(step: number): void;
  onRows?(rows: BareRow[]): void;
}

/** Aim for one block of steps between two looks at messages. */
const BLOCK_MS = 40;
/** Steps whose mean is one point of the loss curve. */
const LOSS_WINDOW = 20;

export const optimizerOf = (v: TrainValues): OptimizerSpec =>
  v.optimizer === 'sgd'
    ? { kind: 'sgd', lr: v.lr, momentum: v.momentum, nesterov: v.nesterov && v.momentum > 0 }
    : { kind: 'adam', lr: v.lr, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/**
 * Trains a copy of the state with a fresh optimizer; validates before the first step, every `evalEvery`
 * steps and at the end. Waits for training images that are still on their way.
 * @throws WinnowError `diverged` when the loss is not finite; Cancelled when stopped
 */
export async function trainState(state: NetState, values: TrainValues, env: TrainEnv): Promise<Trained> {
  const { network, data } = env;
  const examples = data.train;
  assertTrain(examples);
  const order = dataOrder(examples.total, values.batch, env.seed, env.replicate, state.trainings);
  const job: TrainJob = { examples, batch: values.batch, optimizer: optimizerOf(values), indices: order };
  const rows: BareRow[] = [];
  const put = (more: BareRow[]) => {
    rows.push(...more);
    env.onRows?.(more);
  };
  await data.ready;
  await network.load(state);
  const training = network.train(job);
  const losses = new LossWindow(env.device, put);
  try {
    put(await validate(env, 0));
    let block = 1;
    for (let step = 0; step < values.steps; ) {
      await env.turn();
      const stop = Math.min(values.steps, (Math.floor(step / values.evalEvery) + 1) * values.evalEvery);
      const n = Math.min(block, stop - step);
      await available(env, order, step, n);
      const began = performance.now();
      const fresh = await training.run(n);
      const ms = performance.now() - began;
      block = Math.max(1, Math.min(200, Math.round((n * BLOCK_MS) / Math.max(ms, 0.1))));
      step += n;
      refuseDivergence(fresh, step, env.card);
      losses.add(fresh, step, step === values.steps);
      env.onProgress?.(step);
      if (step === stop) put(await validate(env, step));
    }
    const tensors = await network.read();
    const next = { ...state, tensors, trainings: state.trainings + 1, steps: state.steps + values.steps };
    return { state: next, rows };
  } finally {
    training.dispose();
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
  for (let from = 0; from < val.total; from += 500) {
    await env.turn();
    const part = await env.network.evaluate(val, from, Math.min(val.total, from + 500));
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
  #sum = 0;
  #count = 0;
  constructor(
    readonly device: string,
    readonly put: (rows: BareRow[]) => void,
  ) {}
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
