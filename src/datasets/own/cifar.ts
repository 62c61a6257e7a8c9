/** CIFAR-10's binary format: per image one label and the red, green and blue plane of 32 x 32 pixels. */
import type { OwnFile, OwnImages } from './types';

const [SIDE, CHANNELS, CLASSES] = [32, 3, 10];
const AREA = SIDE * SIDE;
const RECORD = 1 + CHANNELS * AREA;

/** The format has no signature: whole records, each beginning with a label below 10. */
export function isCifar(bytes: Uint8Array): boolean {
  if (bytes.length === 0 || bytes.length % RECORD !== 0) return false;
  for (let at = 0; at < bytes.length; at += RECORD) if (bytes[at] >= CLASSES) return false;
  return true;
}

/** Images of a file for which `isCifar` holds, planes interleaved. */
export function readCifar({ bytes }: OwnFile): OwnImages {
  const count = bytes.length / RECORD;
  const pixels = new Uint8Array(count * AREA * CHANNELS);
  const labels = Uint8Array.from({ length: count }, (_, i) => bytes[i * RECORD]);
  for (let i = 0; i < count; i++)
    for (let c = 0; c < CHANNELS; c++) {
      const plane = i * RECORD + 1 + c * AREA;
      for (let p = 0; p < AREA; p++) pixels[(i * AREA + p) * CHANNELS + c] = bytes[plane + p];
    }
  return { shape: [SIDE, SIDE, CHANNELS], count, pixels, labels };
}
