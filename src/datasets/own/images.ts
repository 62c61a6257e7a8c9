/** Encoded images (PNG; JPEG where a browser decodes it) to one block of pixels of one shape. */
import { messageOf } from '../../spec/problem';
import { pngDecoder } from '../decode/png';
import { Unreadable } from '../decode/unreadable';
import { megabytes, OWN_LIMITS } from './limits';
import { refuse } from './problems';
import { describe, kindOf } from './sniff';
import type { OwnNote, Work } from './types';

export interface Encoded {
  name: string;
  bytes: Uint8Array;
}
export interface Decoded {
  width: number;
  height: number;
  channels: 1 | 3;
  pixels: Uint8Array;
}
/** Width and height are believed only up to these, before anything is allocated for them. */
export interface Bounds {
  width: number;
  height: number;
}
/** What a page shows where an image is transparent. */
const WHITE = 255;
const TURN_MS = 12;

export interface Decoder {
  (image: Encoded, bounds?: Bounds): Promise<Decoded>;
  /** What was special about the images so far. */
  notes(): OwnNote[];
}

/** Decodes one image at a time. Refuses what is no image, is damaged, or is larger than the bounds. */
export async function imageDecoder(work: Work): Promise<Decoder> {
  const png = await pngDecoder(WHITE);
  const seen = { jpeg: 0, transparent: 0 };
  const most = OWN_LIMITS.side[1];
  const decode = async ({ name, bytes }: Encoded, bounds: Bounds = { width: most, height: most }) => {
    const kind = kindOf(bytes);
    if (kind !== 'png' && kind !== 'jpeg') throw refuse('image', { name, found: describe(bytes) });
    if (kind === 'jpeg') {
      seen.jpeg++;
      return checked(name, await fromJpeg(name, bytes, work), bounds);
    }
    if (bytes.length >= 24) checked(name, pngSize(bytes), bounds);
    try {
      const { blended, ...image } = png(bytes);
      if (blended) seen.transparent++;
      return image;
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      throw refuse('decode', { name, expected: error.expected, found: error.found });
    }
  };
  const notes = () =>
    (['jpeg', 'transparent'] as const).flatMap((code): OwnNote[] =>
      seen[code] ? [{ code, values: { count: seen[code] } }] : [],
    );
  return Object.assign(decode, { notes });
}

function pngSize(bytes: Uint8Array): Bounds {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}
function checked<T extends Bounds>(name: string, image: T, bounds: Bounds): T {
  const { width, height } = image;
  if (width > bounds.width || height > bounds.height)
    throw refuse('side', { name, min: OWN_LIMITS.side[0], max: bounds.width, found: `${height} x ${width}` });
  return image;
}

async function fromJpeg(name: string, bytes: Uint8Array, work: Work): Promise<Decoded> {
  if (!work.jpeg) throw refuse('jpeg', { name });
  try {
    const { width, height, pixels } = await work.jpeg(bytes);
    return { width, height, channels: 3, pixels };
  } catch (error) {
    throw refuse('damaged', { name, what: 'JPEG', reason: messageOf(error) });
  }
}

/** All images of one shape: [count, h, w, c], grey where every pixel of every image is. */
export interface Block {
  shape: [number, number, number];
  pixels: Uint8Array;
}

/**
 * Decodes many images; names the first two whose sizes differ.
 * @param done how many were decoded before, of `total`, for the progress
 */
export async function decodeAll(
  images: readonly Encoded[],
  decode: Decoder,
  work: Work,
  done = 0,
  total = images.length,
): Promise<Decoded[]> {
  const out: Decoded[] = [];
  let bytes = 0;
  let since = performance.now();
  for (const image of images) {
    const one = await decode(image);
    const first = out[0] ?? one;
    if (one.width !== first.width || one.height !== first.height)
      throw refuse('size', {
        first: images[0].name,
        expected: `${first.height} x ${first.width}`,
        name: image.name,
        found: `${one.height} x ${one.width}`,
      });
    bytes += one.pixels.length;
    if (bytes > OWN_LIMITS.pixels)
      throw refuse('memory', { max: megabytes(OWN_LIMITS.pixels), found: `> ${megabytes(bytes)}` });
    out.push(one);
    if (performance.now() - since < TURN_MS) continue;
    work.tell('decode', done + out.length, total);
    await work.turn();
    since = performance.now();
  }
  return out;
}

const isGrey = ({ channels, pixels }: Decoded): boolean => {
  if (channels === 1) return true;
  for (let i = 0; i < pixels.length; i += 3)
    if (pixels[i] !== pixels[i + 1] || pixels[i] !== pixels[i + 2]) return false;
  return true;
};

/** True where colour images are among them although no pixel of any is coloured. */
export const greyInColour = (images: readonly Decoded[]): boolean =>
  images.some((i) => i.channels === 3) && images.every(isGrey);

/** Joins images of equal size with this many channels. */
export function block(images: readonly Decoded[], channels: 1 | 3): Block {
  const [{ width, height }] = images;
  const size = width * height * channels;
  const pixels = new Uint8Array(images.length * size);
  images.forEach((image, i) => {
    const to = pixels.subarray(i * size, (i + 1) * size);
    if (image.channels === channels) to.set(image.pixels);
    else for (let p = 0; p < size; p++) to[p] = image.pixels[channels === 1 ? p * 3 : Math.floor(p / 3)];
  });
  return { shape: [height, width, channels], pixels };
}
