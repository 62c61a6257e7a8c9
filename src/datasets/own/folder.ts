/** Images in one folder per class; folders called train, val or test around them are the parts. */
import { block, type Decoded, type Decoder, decodeAll, greyInColour } from './images';
import { naturally, type PartName, partOfFolder } from './parts';
import { refuse } from './problems';
import type { LabelledImages, OwnFile, OwnNote, Work } from './types';

interface Placed extends OwnFile {
  class: string;
  part: PartName;
}

/** `train/cat/1.png` is a cat to train on; so is `cat/train/1.png`. */
function place(file: OwnFile): Placed {
  const folders = [...file.folders];
  const own = folders.at(-1);
  const split = own !== undefined && folders.length > 1 ? partOfFolder(own) : undefined;
  if (split) folders.pop();
  const name = folders.pop();
  if (name === undefined) throw refuse('folder', { name: file.name });
  const around = folders.reverse().map(partOfFolder).find(Boolean);
  return { ...file, class: name, part: split ?? around ?? 'train' };
}

/**
 * Images in the order of class and path, so that a zip and the folder it was made of are the same data.
 * @throws WinnowError that names the image at fault, or the first two whose sizes differ
 */
export async function fromFolders(files: readonly OwnFile[], decode: Decoder, work: Work) {
  const placed = files.map(place).sort((a, b) => naturally(a.class, b.class) || naturally(a.name, b.name));
  const images = await decodeAll(placed, decode, work);
  return gather(
    images,
    placed.map((file) => ({ label: file.class, part: file.part })),
  );
}

/** Decoded images and what they are, part by part. */
export function gather(images: readonly Decoded[], what: readonly { label: string; part: PartName }[]) {
  const grey = images.every((i) => i.channels === 1) || greyInColour(images);
  const notes: OwnNote[] = greyInColour(images) ? [{ code: 'grey', values: {} }] : [];
  const parts: Partial<Record<PartName, LabelledImages>> = {};
  for (const part of ['train', 'val', 'test'] as const) {
    const which = what.flatMap((w, i) => (w.part === part ? [i] : []));
    if (which.length === 0) continue;
    const labels = which.map((i) => what[i].label);
    const pixels = block(
      which.map((i) => images[i]),
      grey ? 1 : 3,
    );
    parts[part] = { ...pixels, count: which.length, labels };
  }
  return { parts, notes };
}
