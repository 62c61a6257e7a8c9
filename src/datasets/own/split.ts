/** Own images into training, validation and test, the same way for ever. */
import { sha256 } from '@noble/hashes/sha2.js';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { room } from '../memory';
import type { Examples, SplitName } from '../types';
import { megabytes, OWN_LIMITS } from './limits';
import { naturally } from './parts';
import { refuse } from './problems';
import type { LabelledImages, OwnNote, OwnPool, OwnSplits, SplitRule, Work } from './types';

/** Of the images that no file has placed. MNIST's 60,000 training images give 5,000 for validation so. */
const SHARE = { val: 1 / 12, test: 1 / 6 };
const NAMES = ['train', 'val', 'test'] as const;

/** Where an image is: part of the files and place in it. */
interface Place {
  from: SplitName;
  index: number;
}
export interface Divided {
  splits: OwnSplits;
  classes: string[];
  notes: OwnNote[];
}

/**
 * Splits that the files name are kept. Of the rest, a share of every class is drawn by a fixed seed from the
 * places of its images. A picture that is in the test set is then taken out of the others, and one that is in
 * validation out of training, whatever the files say: a network must not be asked what it has seen.
 * @throws WinnowError for too few or too many images or classes, and for a class or a split without images
 */
export async function splitOwn(pool: OwnPool, work: Work): Promise<Divided> {
  const { parts } = pool;
  checkSize(pool);
  const classes = classesOf(pool);
  const draws: SplitName[] = [
    ...(parts.val ? [] : ['val' as const]),
    ...(parts.test ? [] : ['test' as const]),
  ];
  const places = draw(parts, draws);
  const { dropped, notes } = await withoutCopies(parts, places, work);
  const index = new Map(classes.map((name, i) => [name, i]));
  const splits = Object.fromEntries(
    NAMES.map((split) => [split, pick(parts, split, dropped[split], index)]),
  ) as unknown as OwnSplits;
  for (const split of NAMES) if (splits[split].count === 0) throw refuse('empty', { split });
  const trained = new Set(splits.train.labels);
  const untrained = classes.find((_, i) => !trained.has(i));
  if (untrained !== undefined) throw refuse('untrained', { class: untrained });
  return {
    splits,
    classes: named(classes, pool.names),
    notes: [{ code: RULES[draws.join('+')], values: {} }, ...notes],
  };
}
const RULES: Record<string, SplitRule> = {
  '': 'splitGiven',
  val: 'splitVal',
  test: 'splitTest',
  'val+test': 'splitBoth',
};

const partsOf = (parts: OwnPool['parts']): [SplitName, LabelledImages][] =>
  NAMES.flatMap((name) => (parts[name] ? [[name, parts[name]] as [SplitName, LabelledImages]] : []));

function checkSize({ parts }: OwnPool): void {
  const { images, side, pixels } = OWN_LIMITS;
  const all = partsOf(parts);
  const count = all.reduce((n, [, part]) => n + part.count, 0);
  if (count < images[0]) throw refuse('few', { min: images[0], found: count });
  if (count > images[1]) throw refuse('many', { max: images[1], found: count });
  const [h, w, c] = parts.train.shape;
  const outside = [h, w].some((n) => n < side[0] || n > side[1]);
  if (outside) throw refuse('side', { name: '*', min: side[0], max: side[1], found: `${h} x ${w}` });
  if (count * h * w * c > pixels)
    throw refuse('memory', { max: megabytes(pixels), found: megabytes(count * h * w * c) });
}

/** All labels that occur, numbers by value. */
function classesOf({ parts }: OwnPool): string[] {
  const found = new Set(partsOf(parts).flatMap(([, { labels }]) => [...new Set(labels)]));
  const [min, max] = OWN_LIMITS.classes;
  if (found.size < min || found.size > max) throw refuse('classes', { min, max, found: found.size });
  return [...found].sort(naturally);
}
/** Numbers as the files name them, where every number has a name. */
const named = (classes: string[], names: readonly string[] | undefined): string[] =>
  names && classes.every((c) => names[Number(c)]) ? classes.map((c) => names[Number(c)]) : classes;

/** Of every class, in an order that only depends on its number of images: the first to test, the next to validation. */
function draw(parts: OwnPool['parts'], draws: readonly SplitName[]): Record<SplitName, Place[]> {
  const places: Record<SplitName, Place[]> = { train: [], val: [], test: [] };
  for (const [from, { count }] of partsOf(parts))
    if (from !== 'train') places[from] = Array.from({ length: count }, (_, index) => ({ from, index }));
  const byClass = new Map<string, number[]>();
  parts.train.labels.forEach((label, i) => {
    const list = byClass.get(label);
    if (list) list.push(i);
    else byClass.set(label, [i]);
  });
  for (const [label, list] of byClass) {
    const order = shuffled(list, label);
    const test = draws.includes('test') ? Math.round(list.length * SHARE.test) : 0;
    const val = draws.includes('val') ? Math.round(list.length * SHARE.val) : 0;
    const add = (split: SplitName, which: number[]) => {
      for (const index of which) places[split].push({ from: 'train', index });
    };
    add('test', order.slice(0, test));
    add('val', order.slice(test, test + val));
    add('train', order.slice(test + val));
  }
  for (const split of draws) places[split].sort((a, b) => a.index - b.index);
  places.train.sort((a, b) => a.index - b.index);
  return places;
}

/** Fisher and Yates with a generator that starts from the class's name. */
function shuffled(list: readonly number[], label: string): number[] {
  const digest = sha256(new TextEncoder().encode(JSON.stringify(['own data', label])));
  const view = new DataView(digest.buffer, digest.byteOffset);
  const rng = xoroshiro128plusFromState([0, 4, 8, 12].map((at) => view.getInt32(at)));
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = uniformInt(rng, 0, i);
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}

/** Test keeps its pictures, validation those that are not in test, training the rest. */
async function withoutCopies(parts: OwnPool['parts'], places: Record<SplitName, Place[]>, work: Work) {
  const seen = new Map<number, Uint8Array[]>();
  const kept = { ...places };
  const counts = { train: 0, val: 0 };
  const total = NAMES.reduce((n, split) => n + places[split].length, 0);
  let done = 0;
  for (const split of ['test', 'val', 'train'] as const) {
    const mine: [number, Uint8Array][] = [];
    const left: Place[] = [];
    for (const place of places[split]) {
      if (done++ % 1000 === 0) {
        work.tell('check', done, total);
        await work.turn();
      }
      const image = pixelsAt(parts, place);
      const key = hash(image);
      if (seen.get(key)?.some((other) => equal(other, image))) continue;
      left.push(place);
      mine.push([key, image]);
    }
    // Only now: copies within one split are the files' own affair.
    for (const [key, image] of mine) seen.set(key, [...(seen.get(key) ?? []), image]);
    kept[split] = left;
    if (split !== 'test') counts[split] = places[split].length - left.length;
  }
  const note: OwnNote[] = counts.train + counts.val ? [{ code: 'duplicates', values: counts }] : [];
  return { dropped: kept, notes: note };
}

function pixelsAt(parts: OwnPool['parts'], { from, index }: Place): Uint8Array {
  const { pixels, count } = parts[from]!;
  const size = pixels.length / count;
  return pixels.subarray(index * size, (index + 1) * size);
}
/** FNV-1a; equal hashes are compared byte by byte. */
function hash(image: Uint8Array): number {
  let a = 0x811c9dc5 | 0;
  for (let i = 0; i < image.length; i++) a = Math.imul(a ^ image[i], 0x01000193);
  return a;
}
const equal = (a: Uint8Array, b: Uint8Array): boolean => {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
};

function pick<Name extends SplitName>(
  parts: OwnPool['parts'],
  split: Name,
  places: readonly Place[],
  classes: ReadonlyMap<string, number>,
): Examples<Name> {
  const { shape } = parts.train;
  const size = shape[0] * shape[1] * shape[2];
  const pixels = room(places.length * size);
  places.forEach((place, i) => {
    pixels.set(pixelsAt(parts, place), i * size);
  });
  const labels = room(places.length);
  places.forEach(({ from, index }, i) => {
    labels[i] = classes.get(parts[from]!.labels[index])!;
  });
  const count = places.length;
  return { split, count, total: count, pixels, labels, shape, scale: 1 / 255, shift: 0 };
}
