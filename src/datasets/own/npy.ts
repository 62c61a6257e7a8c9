/** One NumPy array (NEP 1), as it lies in a .npz. Bytes as they are; labels may be wider integers below 256. */
import { refuse, sizeOf } from './problems';
import type { OwnArray } from './types';

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const DTYPE = /^[<|]([iu])([1248])$/;

export const isNpy = (bytes: Uint8Array): boolean =>
  bytes.length >= 12 && MAGIC.every((b, i) => bytes[i] === b);

/** @throws WinnowError that names the array, what was expected and what was found */
export function readNpy({ name, bytes }: { name: string; bytes: Uint8Array }): OwnArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = bytes[6] >= 2;
  const start = wide ? 12 : 10;
  const end = start + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = new TextDecoder('latin1').decode(bytes.subarray(start, Math.min(end, start + 10_000)));
  const dtype = /'descr':\s*'([^']*)'/.exec(header)?.[1] ?? 'no type';
  const shape = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1].match(/\d+/g)?.map(Number) ?? [];
  const kind = DTYPE.exec(dtype);
  const wrong = (expected: string, found: string) => refuse('values', { name, expected, found });
  if (!kind) throw wrong('little-endian integers (images as uint8)', dtype);
  if (!/'fortran_order':\s*False/.test(header)) throw wrong('C order', 'Fortran order');
  const count = shape.reduce((a, b) => a * b, 1);
  const width = Number(kind[2]);
  if (bytes.length - end !== count * width)
    throw refuse('length', {
      name,
      expected: end + count * width,
      shape: sizeOf(shape),
      found: bytes.length,
    });
  return { name, shape, values: narrow(name, bytes.subarray(end), width, kind[1] === 'i') };
}

/** Little-endian integers to bytes; a byte that may be negative is refused like any other value out of range. */
function narrow(name: string, raw: Uint8Array, width: number, signed: boolean): Uint8Array {
  if (width === 1 && !signed) return raw;
  const out = new Uint8Array(raw.length / width);
  for (let i = 0; i < out.length; i++) {
    const at = i * width;
    let high = width === 1 && raw[at] > 127;
    for (let b = 1; b < width; b++) high ||= raw[at + b] !== 0;
    if (high) throw refuse('range', { name, at: i });
    out[i] = raw[at];
  }
  return out;
}
