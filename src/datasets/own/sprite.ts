/** Many images in one PNG (or a few): one a row, as browser demos ship them, or tiles from left to right, top to bottom. */
import { isLabels } from './arrays';
import type { Decoded, Decoder } from './images';
import { block, greyInColour } from './images';
import { readLabels } from './labels';
import { megabytes, OWN_LIMITS } from './limits';
import { naturally, type PartName, partOfName } from './parts';
import { refuse } from './problems';
import type { LabelledImages, OwnArray, OwnFile, OwnNote, Work } from './types';

/** A row of pixels may be a whole image, and there may be as many rows as images. */
const BOUNDS = { width: OWN_LIMITS.side[1] ** 2, height: OWN_LIMITS.images[1] };

interface Sources {
  pngs: readonly OwnFile[];
  arrays: readonly OwnArray[];
  texts: readonly OwnFile[];
}
interface Labels {
  name: string;
  labels: string[];
}

/** Labels by the file they come from: arrays of one dimension, and texts. */
export function labelsOf({ arrays, texts }: Omit<Sources, 'pngs'>): Labels[] {
  const numbers = arrays
    .filter(isLabels)
    .map((a) => ({ name: a.name, labels: Array.from(a.values, String) }));
  return [...numbers, ...texts.map((t) => ({ name: t.name, labels: readLabels(t) }))];
}

/** @throws WinnowError where rows and labels do not fit together */
export async function fromSprites(sources: Sources, labels: readonly Labels[], decode: Decoder, work: Work) {
  const notes: OwnNote[] = [];
  const parts: Partial<Record<PartName, LabelledImages>> = {};
  for (const part of ['train', 'val', 'test'] as const) {
    const of = <T extends { name: string }>(all: readonly T[]) =>
      all.filter(({ name }) => (partOfName(name) ?? 'train') === part);
    const pngs = [...of(sources.pngs)].sort((a, b) => naturally(a.name, b.name));
    const [mine, ...more] = of(labels);
    if (pngs.length === 0 && !mine) continue;
    if (pngs.length === 0 || !mine || more.length)
      throw refuse('pair', {
        name: (pngs[0] ?? mine).name,
        found: [...pngs, mine, ...more].flatMap((f) => (f ? [f.name] : [])).join(', '),
      });
    const sheets: Decoded[] = [];
    for (const [i, png] of pngs.entries()) {
      await work.turn();
      work.tell('decode', i, pngs.length);
      sheets.push(await sheet(png, decode));
    }
    if (greyInColour(sheets)) notes.push({ code: 'grey', values: {} });
    parts[part] = cut(pngs[0].name, sheets, mine);
  }
  return { parts, notes };
}

async function sheet(png: OwnFile, decode: Decoder): Promise<Decoded> {
  const view = new DataView(png.bytes.buffer, png.bytes.byteOffset, png.bytes.byteLength);
  const pixels = png.bytes.length >= 24 ? view.getUint32(16) * view.getUint32(20) : 0;
  const most = OWN_LIMITS.pixels;
  if (pixels > most) throw refuse('memory', { max: megabytes(most), found: megabytes(pixels) });
  return decode(png, BOUNDS);
}

function cut(name: string, sheets: readonly Decoded[], { labels }: Labels): LabelledImages {
  const channels = sheets.every((s) => s.channels === 1) || greyInColour(sheets) ? 1 : 3;
  const count = labels.length;
  const [{ width, height }] = sheets;
  const rows = sheets.reduce((sum, s) => sum + s.height, 0);
  const found = sheets.map((s) => `${s.height} x ${s.width}`).join(', ');
  const refusal = refuse('sprite', { name, count, found });
  const row = Math.sqrt(width);
  if (rows === count && sheets.every((s) => s.width === width) && inBounds(row))
    return { shape: [row, row, channels], count, pixels: joined(sheets, channels), labels };
  if (sheets.length > 1) throw refusal;
  const side = tileSide(width, height, count);
  if (side === undefined) throw refusal;
  const { pixels } = block(sheets, channels);
  return {
    shape: [side, side, channels],
    count,
    pixels: tiles(pixels, width * channels, side, side * channels, count),
    labels,
  };
}

const inBounds = (side: number): boolean =>
  Number.isInteger(side) && side >= OWN_LIMITS.side[0] && side <= OWN_LIMITS.side[1];

/** The largest square that divides the sheet into enough tiles, with less than a row of them left over. */
function tileSide(width: number, height: number, count: number): number | undefined {
  for (let side = OWN_LIMITS.side[1]; side >= OWN_LIMITS.side[0]; side--) {
    if (width % side || height % side) continue;
    const [across, down] = [width / side, height / side];
    const spare = across * down - count;
    if (spare >= 0 && spare < across) return side;
  }
  return undefined;
}

function joined(sheets: readonly Decoded[], channels: 1 | 3): Uint8Array {
  const blocks = sheets.map((s) => block([s], channels).pixels);
  const out = new Uint8Array(blocks.reduce((sum, b) => sum + b.length, 0));
  let at = 0;
  for (const b of blocks) {
    out.set(b, at);
    at += b.length;
  }
  return out;
}

/** @param stride bytes of a row of the sheet @param rows of a tile @param length bytes of a row of a tile */
function tiles(sheet: Uint8Array, stride: number, rows: number, length: number, count: number): Uint8Array {
  const across = stride / length;
  const out = new Uint8Array(count * rows * length);
  for (let i = 0; i < count; i++)
    for (let y = 0; y < rows; y++) {
      const from = (Math.floor(i / across) * rows + y) * stride + (i % across) * length;
      out.set(sheet.subarray(from, from + length), (i * rows + y) * length);
    }
  return out;
}
