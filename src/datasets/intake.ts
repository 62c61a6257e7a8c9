import type { Examples, Intake, SplitName } from './types';

export type Filling<Name extends SplitName> = { -readonly [K in keyof Examples<Name>]: Examples<Name>[K] };
export type Splits = { [Name in SplitName]: Filling<Name> };

/**
 * Puts images, known by their original index, where the fixed splits have them: the training files' first images
 * train, the rest of them validate, and the test files are the test set. Pieces may come in any order; a split
 * counts those that follow each other from its beginning.
 * @param onPlaced told after every piece
 * @throws RangeError for images that no split has
 */
export function intakeInto(splits: Splits, onPlaced: () => void): Intake['place'] {
  const pieces: Record<SplitName, [from: number, to: number][]> = { train: [], val: [], test: [] };
  const put = (split: Filling<SplitName>, at: number, labels: Uint8Array, pixels: Uint8Array) => {
    if (labels.length === 0) return;
    const size = split.pixels.length / split.total;
    split.labels.set(labels, at);
    split.pixels.set(pixels, at * size);
    const mine = pieces[split.split];
    mine.push([at, at + labels.length]);
    mine.sort(([a], [b]) => a - b);
    for (const [from, to] of mine) if (from <= split.count) split.count = Math.max(split.count, to);
  };
  return (of, from, labels, pixels) => {
    const { train, val, test } = splits;
    const size = pixels.length / labels.length;
    if (of === 'test') put(test, from, labels, pixels);
    else {
      const cut = Math.min(Math.max(train.total - from, 0), labels.length);
      put(train, from, labels.subarray(0, cut), pixels.subarray(0, cut * size));
      put(val, from + cut - train.total, labels.subarray(cut), pixels.subarray(cut * size));
    }
    onPlaced();
  };
}
