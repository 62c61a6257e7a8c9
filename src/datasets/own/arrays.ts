/** idx and NumPy arrays: one of images and one of labels per part. */
import { OWN_LIMITS } from './limits';
import { type PartName, partOfName } from './parts';
import { refuse, sizeOf } from './problems';
import type { LabelledImages, OwnArray, OwnPool } from './types';

const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
/** [n] or [n, 1]. */
export const isLabels = ({ shape }: OwnArray): boolean => product(shape) === shape[0];

/** @throws WinnowError that names the array, what was expected and what was found */
export function fromArrays(arrays: readonly OwnArray[]): Partial<OwnPool['parts']> {
  const parts: Partial<Record<PartName, LabelledImages>> = {};
  for (const part of ['train', 'val', 'test'] as const) {
    const mine = arrays.filter(({ name }) => (partOfName(name) ?? 'train') === part);
    if (mine.length) parts[part] = pair(mine);
  }
  return parts;
}

/** One array of images [n, h, w] or [n, h, w, c] and one of labels. */
function pair(arrays: readonly OwnArray[]): LabelledImages {
  const [images, ...moreImages] = arrays.filter((a) => !isLabels(a));
  const [labels, ...moreLabels] = arrays.filter(isLabels);
  const found = arrays.map((a) => `${a.name} ${sizeOf(a.shape)}`).join(', ');
  if (!images || !labels || moreImages.length || moreLabels.length)
    throw refuse('pair', { name: arrays[0].name, found });
  const [n, h, w, c = 1, ...rest] = images.shape;
  const [min, max] = OWN_LIMITS.side;
  const fits = [h, w].every((side) => side >= min && side <= max);
  if (!fits || rest.length || (c !== 1 && c !== 3))
    throw refuse('shape', { name: images.name, min, max, found: sizeOf(images.shape) });
  if (labels.shape[0] !== n)
    throw refuse('labels', { name: labels.name, expected: n, found: labels.shape[0] });
  return { shape: [h, w, c], count: n, pixels: images.values, labels: Array.from(labels.values, String) };
}
