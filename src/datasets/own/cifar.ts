/** The CIFAR binary formats: label byte(s), then the red, green and blue plane of 32 x 32 pixels, image by image. */
import type { LabelledImages } from './types';

const [SIDE, CHANNELS] = [32, 3];
const AREA = SIDE * SIDE;
/** Bounds of the label bytes; the last one is the label that is used (fine, for CIFAR-100). */
const VARIANTS = [[10], [20, 100]] as const;
const record = (bounds: readonly number[]) => bounds.length + CHANNELS * AREA;

/** The format has no signature: whole records, each beginning with labels in bounds. */
function variantOf(bytes: Uint8Array): readonly number[] | undefined {
  if (bytes.length === 0) return undefined;
  return VARIANTS.find((bounds) => {
    const size = record(bounds);
    if (bytes.length % size !== 0) return false;
    for (let at = 0; at < bytes.length; at += size)
      if (bounds.some((bound, i) => bytes[at + i] >= bound)) return false;
    return true;
  });
}
export const isCifar = (bytes: Uint8Array): boolean => variantOf(bytes) !== undefined;
/** How many classes the variant has: 10 or 100. */
export const cifarClasses = (bytes: Uint8Array): number => variantOf(bytes)?.at(-1) ?? 0;

/** Images of a file for which `isCifar` holds, planes interleaved. */
export function readCifar(bytes: Uint8Array): LabelledImages {
  const bounds = variantOf(bytes)!;
  const size = record(bounds);
  const count = bytes.length / size;
  const pixels = new Uint8Array(count * AREA * CHANNELS);
  const labels = Array.from({ length: count }, (_, i) => String(bytes[i * size + bounds.length - 1]));
  for (let i = 0; i < count; i++)
    for (let c = 0; c < CHANNELS; c++) {
      const plane = i * size + bounds.length + c * AREA;
      for (let p = 0; p < AREA; p++) pixels[(i * AREA + p) * CHANNELS + c] = bytes[plane + p];
    }
  return { shape: [SIDE, SIDE, CHANNELS], count, pixels, labels };
}
