/** Own images into train, validation and test, the same way for ever. */
import type { Examples, SplitName } from '../types';
import { type OwnImages, type OwnPool, refuseFile } from './types';

/** Of all images: validation, and test where the files bring none. */
const SHARE = 0.1;
const LEAST = 100;

export type OwnSplits = { readonly [Name in SplitName]: Examples<Name> };

/**
 * Images are ranked by a seeded hash of their pixels. So the split depends on neither the order nor the names of
 * the files, and copies of one picture stay together: none is in two splits of a pool.
 * @throws WinnowError for fewer than 100 images, or a test set that shares pictures with the rest
 */
export function splitOwn({ images, test }: OwnPool, seed: number): OwnSplits {
  if (images.count < LEAST) throw refuseFile('images', `at least ${LEAST}`, String(images.count));
  const keys = hashes(images, seed);
  const ranked = Array.from(keys, (_, i) => i).sort((a, b) => keys[a] - keys[b] || a - b);
  const border = (at: number) => {
    let to = at;
    while (to > 0 && to < ranked.length && keys[ranked[to]] === keys[ranked[to - 1]]) to++;
    return to;
  };
  const share = Math.round(images.count * SHARE);
  const held = test ? 0 : border(share);
  const val = border(held + share);
  if (test) refuseShared(keys, hashes(test, seed));
  const parts = { test: ranked.slice(0, held), val: ranked.slice(held, val), train: ranked.slice(val) };
  const empty = Object.entries(parts).find(([name, list]) => list.length === 0 && !(test && name === 'test'));
  if (empty)
    throw refuseFile('images', 'enough different pictures for three splits', `none left for ${empty[0]}`);
  return {
    train: pick(images, 'train', parts.train),
    val: pick(images, 'val', parts.val),
    test: test ? pick(test, 'test', Array.from(test.labels.keys())) : pick(images, 'test', parts.test),
  };
}

function refuseShared(keys: Float64Array, others: Float64Array): void {
  const known = new Set(keys);
  const shared = others.reduce((n, key) => n + (known.has(key) ? 1 : 0), 0);
  if (shared) throw refuseFile('test images', 'pictures that are not among the others', `${shared} that are`);
}

/** 52 bits per image: two FNV-1a hashes from different starts, so that different pictures practically never meet. */
function hashes({ pixels, count }: OwnImages, seed: number): Float64Array {
  const size = pixels.length / count;
  const out = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let [a, b] = [(0x811c9dc5 ^ seed) | 0, Math.imul(seed + 1, 0x9e3779b1)];
    for (let p = i * size; p < (i + 1) * size; p++) {
      a = Math.imul(a ^ pixels[p], 0x01000193);
      b = Math.imul(b ^ pixels[p], 0x5bd1e995);
      b ^= b >>> 15;
    }
    out[i] = ((a ^ (a >>> 16)) >>> 0) * 2 ** 20 + (b >>> 12);
  }
  return out;
}

function pick<Name extends SplitName>(from: OwnImages, split: Name, which: number[]): Examples<Name> {
  const size = from.shape[0] * from.shape[1] * from.shape[2];
  const pixels = new Uint8Array(which.length * size);
  which.forEach((source, i) => {
    pixels.set(from.pixels.subarray(source * size, (source + 1) * size), i * size);
  });
  const labels = Uint8Array.from(which, (i) => from.labels[i]);
  const count = which.length;
  return { split, count, total: count, pixels, labels, shape: from.shape, scale: 1 / 255, shift: 0 };
}
