/**
 * PNG to bytes, without a canvas: some browsers alter what a canvas gives back, to make fingerprinting harder.
 * The decoder (fast-png) is fetched with the first PNG and is no part of the page's first load.
 */
import type { DecodedPng } from 'fast-png';
import { messageOf } from '../../spec/problem';
import { Unreadable } from './unreadable';

/** 8-bit pixels [height, width, channels], row-major. */
export interface Raster {
  width: number;
  height: number;
  channels: 1 | 3;
  pixels: Uint8Array;
  /** Parts of it were transparent and show the background. */
  blended?: true;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

export const isPng = (bytes: Uint8Array): boolean => SIGNATURE.every((b, i) => bytes[i] === b);

/**
 * Loads the decoder; what it returns decodes one PNG at a time, at once: grey of 1 to 8 bits, RGB and palettes.
 * @param background grey (0 to 255) that transparent images are laid on; without one they are refused
 * @throws Unreadable (from the returned function) for damage, 16-bit samples and images that are not opaque
 */
export async function pngDecoder(background?: number): Promise<(bytes: Uint8Array) => Raster> {
  const { decode, convertIndexedToRgb } = await import('fast-png');
  return (bytes) => {
    if (!isPng(bytes)) throw new Unreadable('a PNG', 'something else');
    try {
      const image = decode(bytes, { checkCrc: true });
      return opaque(image.palette ? indexed(image, convertIndexedToRgb(image)) : direct(image), background);
    } catch (error) {
      if (error instanceof Unreadable) throw error;
      throw new Unreadable('a PNG', `a damaged one (${messageOf(error)})`);
    }
  };
}

type Samples = Omit<Raster, 'channels'> & { channels: number };

function indexed({ width, height, palette }: DecodedPng, pixels: Uint8Array): Samples {
  return { width, height, channels: palette?.[0].length ?? 3, pixels };
}

function direct({ width, height, channels, depth, data, transparency }: DecodedPng): Samples {
  if (depth === 16) throw new Unreadable('a PNG of at most 8 bits a sample', '16');
  if (transparency?.length) throw new Unreadable('an opaque PNG', 'a transparent colour');
  const pixels = depth === 8 ? (data as Uint8Array) : widen(data as Uint8Array, width, height, depth);
  return { width, height, channels, pixels };
}

/** Grey samples of 1, 2 or 4 bits, whose rows begin at whole bytes, spread over 0 to 255. */
function widen(packed: Uint8Array, width: number, height: number, depth: number): Uint8Array {
  const out = new Uint8Array(width * height);
  const stride = Math.ceil((width * depth) / 8);
  const most = (1 << depth) - 1;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      const sample = (packed[y * stride + (bit >> 3)] >> (8 - depth - (bit & 7))) & most;
      out[y * width + x] = (sample * 255) / most;
    }
  return out;
}

/** Leaves an alpha channel out where it says nothing; what has to be blended is blended with the background. */
function opaque({ width, height, channels, pixels }: Samples, background?: number): Raster {
  if (channels === 1 || channels === 3) return { width, height, channels, pixels };
  const colours = channels === 4 ? 3 : 1;
  const out = new Uint8Array(width * height * colours);
  let blended = false;
  for (let from = 0, to = 0; from < pixels.length; from += channels) {
    const alpha = pixels[from + colours];
    blended ||= alpha !== 255;
    const behind = (background ?? 0) * (255 - alpha);
    for (let c = 0; c < colours; c++) out[to++] = Math.round((pixels[from + c] * alpha + behind) / 255);
  }
  if (blended && background === undefined) throw new Unreadable('an opaque PNG', 'a transparent one');
  return { width, height, channels: colours, pixels: out, ...(blended && { blended }) };
}
