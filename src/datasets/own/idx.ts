/** The idx format of the MNIST family: big-endian magic 0x00 0x00 type rank, one u32 per dimension, then values. */
import { refuse, sizeOf } from './problems';
import type { OwnArray } from './types';

interface Named {
  name: string;
  bytes: Uint8Array;
}
const UNSIGNED_BYTE = 0x08;
/** The six types of the format's description. */
const TYPES: Record<number, string> = {
  8: 'unsigned bytes',
  9: 'signed bytes',
  11: '16-bit integers',
  12: '32-bit integers',
  13: '32-bit floats',
  14: '64-bit floats',
};

export const isIdx = (bytes: Uint8Array): boolean =>
  bytes.length >= 8 &&
  bytes[0] === 0 &&
  bytes[1] === 0 &&
  bytes[2] in TYPES &&
  bytes[3] >= 1 &&
  bytes[3] <= 4;

/** Whether the file is as long as its header says. */
export function fitsIdx(bytes: Uint8Array): boolean {
  try {
    readIdx({ name: '', bytes });
    return true;
  } catch {
    return false;
  }
}

/** @throws WinnowError that names the file, what was expected and what was found */
export function readIdx({ name, bytes }: Named): OwnArray {
  if (bytes[2] !== UNSIGNED_BYTE)
    throw refuse('values', { name, expected: 'an idx file of unsigned bytes', found: TYPES[bytes[2]] });
  const rank = bytes[3];
  const header = 4 + 4 * rank;
  const cut = (expected: number, shape: string) =>
    refuse('length', { name, expected, shape, found: bytes.length });
  if (bytes.length < header) throw cut(header, `${rank} dimensions`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const length = header + shape.reduce((a, b) => a * b, 1);
  if (bytes.length !== length) throw cut(length, sizeOf(shape));
  return { name, shape, values: bytes.subarray(header) };
}
