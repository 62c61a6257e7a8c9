/** NumPy's .npz: a zip of .npy arrays (NEP 1). Bytes as they are; labels may be wider integers below 256. */
import { unzipSync } from 'fflate';
import { type OwnArray, type OwnFile, refuseFile } from './types';

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const DTYPE = /^[<|]([iu])([1248])$/;

export const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;

/** All arrays of the archive. @throws WinnowError that names the array, what was expected and what was found */
export function readNpz({ name, bytes }: OwnFile): OwnArray[] {
  let entries: Record<string, Uint8Array>;
  try {
    entries = unzipSync(bytes);
  } catch (error) {
    throw refuseFile(
      name,
      'a zip archive',
      `a damaged one (${error instanceof Error ? error.message : error})`,
    );
  }
  const arrays = Object.entries(entries).filter(([entry]) => entry.endsWith('.npy'));
  if (arrays.length === 0) {
    const found = Object.keys(entries).slice(0, 3).join(', ') || 'nothing';
    throw refuseFile(name, 'a zip with .npy arrays', found);
  }
  return arrays.map(([entry, content]) => readNpy(`${name}/${entry}`, content));
}

function readNpy(name: string, bytes: Uint8Array): OwnArray {
  if (bytes.length < 12 || MAGIC.some((b, i) => bytes[i] !== b))
    throw refuseFile(name, 'the signature of a NumPy array', `${bytes.length} other bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = bytes[6] >= 2;
  const start = wide ? 12 : 10;
  const end = start + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = new TextDecoder('latin1').decode(bytes.subarray(start, end));
  const dtype = /'descr':\s*'([^']*)'/.exec(header)?.[1] ?? header;
  const shape = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1].match(/\d+/g)?.map(Number) ?? [];
  const kind = DTYPE.exec(dtype);
  if (!kind) throw refuseFile(name, 'little-endian integers (images as uint8)', `type ${dtype}`);
  if (!/'fortran_order':\s*False/.test(header)) throw refuseFile(name, 'C order', 'Fortran order');
  const count = shape.reduce((a, b) => a * b, 1);
  const width = Number(kind[2]);
  if (bytes.length - end !== count * width)
    throw refuseFile(name, `${count * width} bytes for ${shape.join(' x ')}`, `${bytes.length - end} bytes`);
  return { name, shape, values: narrow(name, bytes.subarray(end), width, kind[1] === 'i') };
}

/** Little-endian integers to bytes; a byte that may be negative is refused like any other value out of range. */
function narrow(name: string, raw: Uint8Array, width: number, signed: boolean): Uint8Array {
  if (width === 1 && !signed) return raw;
  const out = new Uint8Array(raw.length / width);
  for (let i = 0; i < out.length; i++) {
    const at = i * width;
    const high = raw.subarray(at + 1, at + width).some((b) => b !== 0);
    if (high || (width === 1 && raw[at] > 127))
      throw refuseFile(name, 'values from 0 to 255', `another at ${i}`);
    out[i] = raw[at];
  }
  return out;
}
