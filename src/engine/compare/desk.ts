/** One comparison at a time: the newest. */

import type { Dataset } from '../../datasets/types';
import { Cancelled, WinnowError } from '../../spec/problem';
import type { CompareOutcome, Pictures, StateRef } from '../../worker/api-compare';
import type { Networks } from '../networks';
import { answersOf } from './answers';
import { compareAnswers } from './compare';
import { type Finding, type Found, stateAt } from './places';

/** Its turns are awaited between chunks, too, and throw Cancelled for newer work. */
export interface CompareBench extends Finding {
  /** Of its own: what is looked at keeps its weights where they are. */
  networks: Networks;
  tell?(share: number): void;
}
const TELL_MS = 100;

export class CompareDesk {
  #asked = 0;
  #working: Promise<unknown> | undefined;

  /** Resolves when no comparison is being made: times taken beside one would mean nothing. */
  async quiet(): Promise<void> {
    while (this.#working) await this.#working;
  }
  stop(): void {
    this.#asked++;
  }

  async compare(a: StateRef, b: StateRef, on: CompareBench): Promise<CompareOutcome> {
    const mine = ++this.#asked;
    const turn = async () => {
      await on.turn();
      if (mine !== this.#asked) throw new Cancelled();
    };
    const work = compared(a, b, { ...on, turn }).catch(outcomeOf);
    const over = work.then(
      () => {},
      () => {},
    );
    this.#working = over;
    try {
      return await work;
    } finally {
      if (this.#working === over) this.#working = undefined;
    }
  }
}

function outcomeOf(error: unknown): CompareOutcome {
  if (error instanceof Cancelled) return { is: 'given-up' };
  if (error instanceof WinnowError) return { is: 'problem', problem: error.problem };
  throw error;
}

async function compared(a: StateRef, b: StateRef, on: CompareBench): Promise<CompareOutcome> {
  const { bench, turn } = on;
  const { test, info } = bench.data;
  // Not waited for: looking waits for comparisons.
  if (test.count < test.total) return { is: 'given-up' };
  await turn();
  const before = await stateAt(a, on);
  await turn();
  const after = await stateAt(b, on);
  if (!before || !after) {
    return { is: 'missing', which: [...(before ? [] : ['a' as const]), ...(after ? [] : ['b' as const])] };
  }
  const told = telling(on, [before, after]);
  const answersA = await answersFor(on, before, told(0));
  const answersB = await answersFor(on, after, told(1));
  const labels = test.labels.subarray(0, test.total);
  return { is: 'done', comparison: compareAnswers(labels, info.classes.length, answersA, answersB) };
}

/** Worked out once per lineage key. */
async function answersFor(on: CompareBench, { key, state }: Found, turn: (done: number) => Promise<void>) {
  const { results, data } = on.bench;
  const known = results.answers.get(key);
  if (known) return known;
  const answers = await answersOf(on.networks, state, data.test, turn);
  results.answers.set(key, answers);
  return answers;
}

/** Turns that tell of the share that is done, of the states whose answers are not known yet. */
function telling({ bench, turn, tell }: CompareBench, states: readonly Found[]) {
  const missing = states.filter(({ key }) => !bench.results.answers.get(key));
  const all = Math.max(1, missing.length) * bench.data.test.total;
  let last = 0;
  return (which: number) => async (done: number) => {
    await turn();
    const now = performance.now();
    if (!tell || now - last < TELL_MS) return;
    last = now;
    tell((Math.max(0, missing.indexOf(states[which])) * bench.data.test.total + done) / all);
  };
}

/** Copies of test images; null where not all of them are there (yet). */
export function picturesOf({ test }: Dataset, images: readonly number[]): Pictures | null {
  const size = test.shape.reduce((a, b) => a * b, 1);
  if (!images.every((i) => Number.isInteger(i) && i >= 0 && i < test.count)) return null;
  const pixels = new Uint8Array(images.length * size);
  images.forEach((image, i) => {
    pixels.set(test.pixels.subarray(image * size, (image + 1) * size), i * size);
  });
  return { shape: test.shape, pixels };
}
