/** Gives a hand the data set it is to train on: shared where memory can be shared, copied piece by piece elsewhere. */
import type { Dataset, Examples } from '../../datasets/types';
import { problemOf } from '../../spec/problem';
import { isShared } from './size';
import type { Hand, SplitHead, TrainingSplit } from './types';

const SPLITS: readonly TrainingSplit[] = ['train', 'val'];

export class Feed {
  readonly #told: Record<TrainingSplit, number> = { train: 0, val: 0 };
  #begun = false;
  constructor(
    readonly data: Dataset,
    readonly hand: Hand,
  ) {}

  /** Tells of what has arrived since the last time; the first time, of the data set itself. */
  async more(): Promise<void> {
    const { api } = this.hand;
    const sent: Promise<void>[] = [];
    if (!this.#begun) {
      this.#begun = true;
      const { train, val } = this.data;
      sent.push(api.data({ train: this.#head(train), val: this.#head(val) }));
      // A hand that is gone is noticed where its training waits.
      this.data.complete.catch((error) => api.lost(problemOf(error, 'data.lost', 'data')).catch(() => {}));
    }
    for (const split of SPLITS) {
      const examples = this.data[split];
      const [from, count] = [this.#told[split], examples.count];
      if (count === from) continue;
      this.#told[split] = count;
      const bytes = this.#seen(examples) ? {} : { bytes: copied(examples, from, count) };
      sent.push(api.more({ split, from, count, ...bytes }));
    }
    await Promise.all(sent);
  }

  #seen({ pixels }: Examples): boolean {
    return !this.hand.thread || isShared(pixels);
  }
  #head(examples: Examples): SplitHead {
    const { total, shape, scale, shift, pixels, labels } = examples;
    const memory = this.#seen(examples) ? { memory: { pixels, labels } } : {};
    return { total, shape, scale, shift, ...memory };
  }
}

function copied({ pixels, labels, shape }: Examples, from: number, to: number) {
  const size = shape[0] * shape[1] * shape[2];
  return { pixels: pixels.slice(from * size, to * size), labels: labels.slice(from, to) };
}
