/** From files to labelled images. What a file is, is told by its bytes; names only say which part it belongs to. */
import { fromArrays, isLabels } from './arrays';
import { cifarClasses, readCifar } from './cifar';
import { fromFolders } from './folder';
import { readIdx } from './idx';
import { imageDecoder } from './images';
import { OWN_LIMITS } from './limits';
import { readNpy } from './npy';
import { fromParquet } from './parquet';
import { naturally, type PartName, partOfName } from './parts';
import { refuse, sizeOf } from './problems';
import { describe, type Kind, kindOf } from './sniff';
import { fromSprites, labelsOf } from './sprite';
import type { LabelledImages, OwnArray, OwnFile, OwnFormat, OwnNote, OwnPool, Work } from './types';
import { unpackAll } from './unpack';

type Known = OwnFile & { kind: Kind };
type Parts = Partial<Record<PartName, LabelledImages>>;
interface Read {
  format: OwnFormat;
  parts: Parts;
  names?: readonly string[];
  notes?: OwnNote[];
  /** Kinds of files that were made use of. */
  used: readonly Kind[];
}

/**
 * Reads a visitor's own files.
 * @throws WinnowError (code `own.*`, path `data`) that names the file, what was expected and what was found
 */
export async function readOwn(files: readonly OwnFile[], work: Work): Promise<OwnPool> {
  if (files.length === 0) throw refuse('none');
  const all = (await unpackAll(files, work)).map((file) => ({ ...file, kind: kindOf(file.bytes) }));
  const known = all.filter((file): file is Known => file.kind !== undefined);
  const strange = all.find((file) => file.kind === undefined && !file.inside);
  const first = strange ?? (known.some(({ kind }) => kind !== 'text') ? undefined : all[0]);
  if (first) throw refuse('unknown', { name: first.name, found: describe(first.bytes) });
  if (all.length === 0) throw refuse('unknown', { name: files[0].name, found: '0 files' });
  const { format, parts, names, notes = [], used } = await readKnown(known, work);
  // Files that lie beside images in a folder are left out; one dropped by itself was meant.
  const left = all.filter((file) => !file.kind || !used.includes(file.kind));
  const meant = left.find((file) => !file.inside);
  if (meant) throw refuse('mixed', { name: meant.name, format, found: describe(meant.bytes) });
  if (left.length) notes.push({ code: 'ignored', values: { count: left.length, name: left[0].name } });
  return { format, parts: settle(parts), names, notes };
}

async function readKnown(files: readonly Known[], work: Work): Promise<Read> {
  const of = (...kinds: Kind[]) => files.filter(({ kind }) => kinds.includes(kind));
  const has = (kind: Kind) => files.some((file) => file.kind === kind);
  const mixed = (format: OwnFormat, allowed: Kind[]) => {
    const other = files.find(({ kind }) => !allowed.includes(kind) && kind !== 'text');
    if (other) throw refuse('mixed', { name: other.name, format, found: other.kind.toUpperCase() });
  };
  if (has('parquet')) {
    mixed('parquet', ['parquet']);
    const decode = await imageDecoder(work);
    const { parts, notes, names } = await fromParquet(of('parquet'), decode, work);
    return { format: 'parquet', parts, names, notes: [...notes, ...decode.notes()], used: ['parquet'] };
  }
  if (has('cifar')) {
    mixed('cifar', ['cifar']);
    return { format: 'cifar', ...cifar(of('cifar'), of('text')), used: ['cifar', 'text'] };
  }
  const arrays = of('idx', 'npy').map((file) => (file.kind === 'idx' ? readIdx(file) : readNpy(file)));
  if (has('png') || has('jpeg')) return images(of('png', 'jpeg'), arrays, of('text'), work);
  const format = has('npy') ? 'npz' : 'idx';
  return { format, parts: fromArrays(arrays), used: ['idx', 'npy'] };
}

/** Few pictures and many labels are sprites; many pictures are in folders. */
async function images(
  pictures: readonly Known[],
  arrays: readonly OwnArray[],
  texts: readonly Known[],
  work: Work,
): Promise<Read> {
  const other = arrays.find((a) => !isLabels(a));
  if (other) throw refuse('mixed', { name: other.name, format: 'sprite', found: sizeOf(other.shape) });
  const decode = await imageDecoder(work);
  const count = pictures.length;
  const labels = count <= texts.length + arrays.length || count < 50 ? tryLabels(arrays, texts) : [];
  const isSprite = arrays.length > 0 || labels.some((l) => l.labels.length > count);
  const { parts, notes } = isSprite
    ? await fromSprites(
        { pngs: pictures, arrays, texts },
        labels.length ? labels : labelsOf({ arrays, texts }),
        decode,
        work,
      )
    : await fromFolders(pictures, decode, work);
  const used: Kind[] = isSprite ? ['png', 'jpeg', 'idx', 'npy', 'text'] : ['png', 'jpeg'];
  return { format: isSprite ? 'sprite' : 'folder', parts, notes: [...notes, ...decode.notes()], used };
}
/** A text inside a folder need not be labels; one dropped beside a sprite is meant to be. */
function tryLabels(arrays: readonly OwnArray[], texts: readonly Known[]) {
  const fromArrays = labelsOf({ arrays, texts: [] });
  return [
    ...fromArrays,
    ...texts.flatMap((text) => {
      try {
        return labelsOf({ arrays: [], texts: [text] });
      } catch (error) {
        if (text.inside) return [];
        throw error;
      }
    }),
  ];
}

/** Files of one part are joined in their natural order; a text with a name for every class names them. */
function cifar(files: readonly Known[], texts: readonly Known[]): Pick<Read, 'parts' | 'names'> {
  const parts: Parts = {};
  const sorted = [...files].sort((a, b) => naturally(a.name, b.name));
  for (const part of ['train', 'val', 'test'] as const) {
    const mine = sorted.filter(({ name }) => (partOfName(name) ?? 'train') === part);
    if (mine.length) parts[part] = joined(mine.map(({ bytes }) => readCifar(bytes)));
  }
  const classes = cifarClasses(files[0].bytes);
  const lists = texts.map(({ bytes }) => new TextDecoder().decode(bytes).split(/\r?\n/).filter(Boolean));
  return { parts, names: lists.find((list) => list.length === classes) };
}

function joined(all: readonly LabelledImages[]): LabelledImages {
  const pixels = new Uint8Array(all.reduce((sum, p) => sum + p.pixels.length, 0));
  let at = 0;
  for (const p of all) {
    pixels.set(p.pixels, at);
    at += p.pixels.length;
  }
  const count = all.reduce((sum, p) => sum + p.count, 0);
  return { shape: all[0].shape, count, pixels, labels: all.flatMap((p) => p.labels) };
}

/** Without training images there is nothing to keep apart from them: what there is takes their place. */
function settle({ train, val, test }: Parts): OwnPool['parts'] {
  const settled = train ? { train, val, test } : val ? { train: val, test } : { train: test };
  if (!settled.train) throw refuse('few', { min: OWN_LIMITS.images[0], found: 0 });
  const found = Object.values(settled).find((p) => p && sizeOf(p.shape) !== sizeOf(settled.train!.shape));
  if (found) throw refuse('parts', { expected: sizeOf(settled.train.shape), found: sizeOf(found.shape) });
  return settled as OwnPool['parts'];
}
