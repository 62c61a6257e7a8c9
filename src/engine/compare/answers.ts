/** What a network says to every test image: compact, so that the answers of many states can be kept. */
import { NO_ANSWER } from '../../datasets/answer';
import type { Examples } from '../../datasets/types';
import type { NetState } from '../../models/types';
import { imagesPerTurn } from '../measure';
import type { Networks } from '../networks';

/** One entry per image. Nine bytes an image. */
export interface Answers {
  /** The first largest logit, as accuracy counts it; NO_ANSWER where a logit is NaN. */
  readonly answer: Uint8Array;
  /** Softmax probability of that answer, and of the true class; NaN without an answer. */
  readonly sure: Float32Array;
  readonly truth: Float32Array;
}
export const noAnswers = (images: number): Answers => ({
  answer: new Uint8Array(images).fill(NO_ANSWER),
  sure: new Float32Array(images).fill(Number.NaN),
  truth: new Float32Array(images).fill(Number.NaN),
});
export const bytesOfAnswers = ({ answer }: Answers): number => 9 * answer.length;

/**
 * Reads logits [n, classes] of the images `from`, `from + 1`, ... into `into`; labels are those of all images.
 * The same rule as the kernels' count of correct answers (kernels/softmax-loss/contract.ts).
 */
export function readLogits(logits: Float32Array, labels: Uint8Array, from: number, into: Answers): void {
  const n = Math.min(into.answer.length - from, labels.length - from);
  const classes = n > 0 ? logits.length / n : 0;
  for (let i = 0; i < n; i++) {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    const best = firstLargest(row);
    into.answer[from + i] = best;
    if (best === NO_ANSWER) continue;
    into.sure[from + i] = probability(row, best);
    into.truth[from + i] = probability(row, labels[from + i]);
  }
}
function firstLargest(row: Float32Array): number {
  let best = 0;
  for (let j = 0; j < row.length; j++) {
    if (Number.isNaN(row[j])) return NO_ANSWER;
    if (row[j] > row[best]) best = j;
  }
  return best;
}
/** Softmax; where the largest logit is infinite all of it goes to those that are as large. */
function probability(row: Float32Array, index: number): number {
  let top = Number.NEGATIVE_INFINITY;
  for (const z of row) if (z > top) top = z;
  const power = Number.isFinite(top) ? (z: number) => Math.exp(z - top) : (z: number) => (z === top ? 1 : 0);
  let sum = 0;
  for (const z of row) sum += power(z);
  return power(row[index]) / sum;
}

/**
 * Answers to all examples, in chunks.
 * @param turn awaited between chunks; throws to give up
 * @param most images per chunk
 */
export async function answersOf(
  networks: Networks,
  state: NetState,
  examples: Examples,
  turn: (done: number) => Promise<void>,
  most = 250,
): Promise<Answers> {
  const { total, pixels, labels, scale, shift } = examples;
  const size = examples.shape.reduce((a, b) => a * b, 1);
  const chunk = imagesPerTurn(state.arch, networks.backend.id, most);
  const out = noAnswers(total);
  for (let from = 0; from < total; from += chunk) {
    await turn(from);
    const to = Math.min(total, from + chunk);
    const network = await networks.with(state);
    const logits = await network.logits(pixels.subarray(from * size, to * size), to - from, scale, shift);
    readLogits(logits, labels.subarray(0, to), from, out);
  }
  return out;
}
