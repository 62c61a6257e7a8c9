/** What of a data set is shown before it is used. */
import type { OwnLook, OwnSet } from './types';

const SAMPLES = 24;

/** Counts by class, and some training images of as many classes as there is room for. */
export function lookAt({ info, format, notes, splits }: OwnSet): OwnLook {
  const counted = (labels: Uint8Array) => {
    const counts = info.classes.map(() => 0);
    for (const label of labels) counts[label]++;
    return counts;
  };
  const { train, val, test } = splits;
  const perClass = { train: counted(train.labels), val: counted(val.labels), test: counted(test.labels) };
  const each = Math.max(1, Math.floor(SAMPLES / info.classes.length));
  const size = train.pixels.length / train.count;
  const taken = info.classes.map(() => 0);
  const samples: OwnLook['samples'] = [];
  train.labels.forEach((label, i) => {
    if (label >= SAMPLES || taken[label] >= each) return;
    taken[label]++;
    samples.push({ label, pixels: train.pixels.slice(i * size, (i + 1) * size) });
  });
  samples.sort((a, b) => a.label - b.label);
  return { info, format, notes, perClass, samples };
}
