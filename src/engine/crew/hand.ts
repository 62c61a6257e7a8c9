/** What a hand does, on a thread of its own or inside the lab: it keeps a network open and trains it. */
import type { Examples } from '../../datasets/types';
import { Cancelled, type Problem, WinnowError } from '../../spec/problem';
import { Control } from '../control';
import { openBackend } from '../device';
import { imagesPerTurn } from '../measure';
import { Networks } from '../networks';
import type { Unfinished } from '../results';
import { trainWeights } from '../training';
import type { Backend, BackendId } from '../types';
import type { HandApi, HandJob, HandResult, SplitHead, SplitPart, TrainingSplit, Word } from './types';

type Filling<Name extends TrainingSplit> = { -readonly [K in keyof Examples<Name>]: Examples<Name>[K] };
type Splits = { [Name in TrainingSplit]: Filling<Name> };
interface Holding extends Splits {
  /** Rejects when the rest will not come. */
  complete: Promise<void>;
  lose(problem: Problem): void;
}

/** Images of one part of a validation where a single one costs little. */
const PART = 500;

/**
 * @param open gives the backend; a hand inside the lab shares the lab's
 * @param kept networks kept open
 */
export function makeHand(open: (id: BackendId) => Promise<Backend> = openBackend, kept = 1): HandApi {
  let networks: Networks | undefined;
  /** Where the backend cannot train what it is asked to. */
  let cpu: Promise<Networks> | undefined;
  let data: Holding | undefined;
  let control = new Control();
  return {
    async open(id) {
      const backend = await open(id);
      networks = new Networks(backend, kept);
      return backend.device;
    },
    async data({ train, val }) {
      let lose: Holding['lose'] = () => {};
      const complete = new Promise<void>((_, reject) => {
        lose = (problem) => reject(new WinnowError(problem));
      });
      complete.catch(() => {});
      data = { train: emptySplit('train', train), val: emptySplit('val', val), complete, lose };
    },
    async more(part) {
      if (data) fill(data[part.split], part);
    },
    async lost(problem) {
      data?.lose(problem);
    },
    async train(job, tell) {
      control = new Control();
      if (!networks || !data) throw new Error('a hand needs a backend and data before it trains');
      const special = job.regime?.gates ?? job.regime?.scores;
      if (!special || networks.backend.gates) return work(networks, data, job, control, tell);
      cpu ??= openCpu();
      const instead = await cpu;
      return work(instead, data, { ...job, device: instead.backend.device }, control, tell);
    },
    async steer(state) {
      control.steer(state);
    },
    async close() {
      control.stop();
      await networks?.dispose();
      networks = undefined;
      const instead = await cpu?.catch(() => undefined);
      await instead?.dispose();
      instead?.backend.dispose();
      cpu = undefined;
    },
  };
}

/** The fastest plan on a CPU. */
async function openCpu(): Promise<Networks> {
  const backend = await openBackend('simd').catch(() => openBackend('reference'));
  return new Networks(backend, 1);
}

async function work(
  networks: Networks,
  data: Holding,
  { start, values, from, keepMs = networks.backend.keepMs, ...job }: HandJob,
  control: Control,
  tell: (word: Word) => void,
): Promise<HandResult> {
  let first = 0;
  let stopped: Unfinished | null = null;
  try {
    const network = await networks.open(start.arch);
    networks.touched(start.arch);
    const env = {
      ...job,
      network,
      data: { ...data, ready: Promise.resolve() },
      part: imagesPerTurn(start.arch, networks.backend.id, PART),
      turn: () => control.turn(),
      onProgress: (step: number) => tell({ step }),
      onRows: (rows: Extract<Word, { first: number }>['rows']) => {
        tell({ first, rows });
        first += rows.length;
      },
      onStopped: (unfinished: Unfinished) => {
        stopped = unfinished;
      },
      keepMs,
      onKept: (kept: Unfinished) => tell({ kept }),
    };
    return { done: await trainWeights(start, values, env, from) };
  } catch (error) {
    // Errors lose all but their message on the way out of a thread.
    if (error instanceof Cancelled) return { stopped };
    if (error instanceof WinnowError) return { problem: error.problem };
    throw error;
  }
}

function emptySplit<Name extends TrainingSplit>(split: Name, head: SplitHead): Filling<Name> {
  const { total, shape, scale, shift, memory } = head;
  const { pixels, labels } = memory ?? {
    pixels: new Uint8Array(total * shape[0] * shape[1] * shape[2]),
    labels: new Uint8Array(total),
  };
  return { split, count: 0, total, pixels, labels, shape, scale, shift };
}
function fill(split: Filling<TrainingSplit>, { from, count, bytes }: SplitPart): void {
  if (bytes) {
    const [h, w, c] = split.shape;
    split.pixels.set(bytes.pixels, from * h * w * c);
    split.labels.set(bytes.labels, from);
  }
  split.count = count;
}
