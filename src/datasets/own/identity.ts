/** Own data are named by what they are, so that a link means the same images on another machine. */
import { sha256 } from '@noble/hashes/sha2.js';
import type { DatasetInfo } from '../types';
import type { OwnSplits, Work } from './types';

const BLOCK = 8 * 2 ** 20;
const DIGITS = 12;

/** What all sets have in common; the names of classes belong to the content, the set's own name does not. */
type Described = Pick<DatasetInfo, 'shape' | 'classes' | 'counts'>;

/**
 * `own-` and the first 12 hex digits of the sha256 of: one line of JSON (format, shape, classes, counts), then
 * labels and pixels of training, validation and test.
 */
export async function ownId(
  { shape, classes, counts }: Described,
  splits: OwnSplits,
  work: Work,
): Promise<string> {
  const { train, val, test } = counts;
  const header = JSON.stringify({ v: 1, shape, classes, counts: { train, val, test } });
  const sum = sha256.create().update(new TextEncoder().encode(`${header}\n`));
  for (const split of ['train', 'val', 'test'] as const)
    for (const bytes of [splits[split].labels, splits[split].pixels])
      for (let at = 0; at < bytes.length; at += BLOCK) {
        sum.update(bytes.subarray(at, at + BLOCK));
        await work.turn();
      }
  const hex = Array.from(sum.digest(), (b) => b.toString(16).padStart(2, '0')).join('');
  return `own-${hex.slice(0, DIGITS)}`;
}
