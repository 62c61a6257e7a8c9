/** An own data set as the engine wants it: from memory where it was just made, else from the browser's storage. */
import { messageOf } from '../../spec/problem';
import { room } from '../memory';
import type { Dataset, DatasetInfo, Examples, SplitName } from '../types';
import { refuse } from './problems';
import { forgetOwn, ownInfo, registerOwn } from './registry';
import { loadOwn } from './shelf';
import type { OwnSet, OwnSplits } from './types';

const inMemory = new Map<string, OwnSplits>();

/** Makes a set usable here, kept or not. */
export function holdOwn({ info, splits }: Pick<OwnSet, 'info' | 'splits'>): void {
  registerOwn(info);
  inMemory.set(info.id, splits);
}
export function dropOwn(id: string): void {
  forgetOwn(id);
  inMemory.delete(id);
}

/**
 * @param onProgress images usable so far, over all splits, and how many there will be
 * @throws WinnowError at once for one that is not in this browser; `ready` and `complete` reject where its bytes
 * cannot be read
 */
export function openOwn(id: string, onProgress?: (loaded: number, total: number) => void): Dataset {
  const info = ownInfo(id);
  if (!info) throw refuse('missing', { id });
  const held = inMemory.get(id);
  if (held) return { info, ...held, ready: Promise.resolve(), complete: Promise.resolve() };
  const splits = { train: empty(info, 'train'), val: empty(info, 'val'), test: empty(info, 'test') };
  const all = Object.values(splits);
  const total = all.reduce((sum, s) => sum + s.total, 0);
  const complete = load(id, splits).then(() => onProgress?.(total, total));
  // Whoever awaits still gets the rejection; one nobody awaits must not end the process.
  complete.catch(() => {});
  return { info, ...splits, ready: complete, complete };
}

type Filling<Name extends SplitName> = { -readonly [K in keyof Examples<Name>]: Examples<Name>[K] };

function empty<Name extends SplitName>({ shape, counts }: DatasetInfo, split: Name): Filling<Name> {
  const total = counts[split];
  const pixels = room(total * shape[0] * shape[1] * shape[2]);
  return { split, count: 0, total, pixels, labels: room(total), shape, scale: 1 / 255, shift: 0 };
}

async function load(id: string, splits: { [Name in SplitName]: Filling<Name> }): Promise<void> {
  try {
    const bytes = await loadOwn(id);
    if (!bytes) throw new Error('not there');
    for (const split of Object.values(splits)) {
      const { labels, pixels } = bytes[split.split];
      if (labels.length !== split.total || pixels.length !== split.pixels.length) throw new Error('damaged');
      split.labels.set(labels);
      split.pixels.set(pixels);
      split.count = split.total;
    }
  } catch (error) {
    throw refuse('unopened', { id, reason: messageOf(error) });
  }
}
