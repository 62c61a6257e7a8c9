// The idx format of the MNIST family: big-endian magic 0x00 0x00 type rank, then one u32 per dimension, then bytes.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

const unzip = promisify(gunzip);

/** Reads a file and refuses it unless it is byte for byte the one that was pinned; of a .gz, its content counts. */
export async function readPinned(path, name, expected, hint) {
  let bytes;
  try {
    bytes = await readFile(path);
    if (path.endsWith('.gz')) bytes = await unzip(bytes);
  } catch (error) {
    throw new Error(`${name}: cannot be read (${error.code ?? error.message}); ${hint}`);
  }
  const found = sha256(bytes);
  if (found !== expected)
    throw new Error(`${name}: sha256 must be ${expected}, found ${found} (${bytes.length} bytes); ${hint}`);
  return bytes;
}

/** Checks the header against the dimensions that are expected and returns the bytes behind it. */
export function idxBody(bytes, name, dims) {
  const header = 4 + 4 * dims.length;
  const magic = bytes.length >= header ? bytes.readUInt32BE(0) : Number.NaN;
  const wanted = 0x0800 + dims.length;
  if (magic !== wanted) throw new Error(`${name}: idx magic number must be ${wanted}, found ${magic}`);
  const found = dims.map((_, i) => bytes.readUInt32BE(4 + 4 * i));
  if (found.some((n, i) => n !== dims[i]))
    throw new Error(`${name}: dimensions must be ${dims.join(' x ')}, found ${found.join(' x ')}`);
  const length = dims.reduce((a, b) => a * b, 1);
  if (bytes.length !== header + length)
    throw new Error(`${name}: must be ${header + length} bytes long, found ${bytes.length}`);
  return bytes.subarray(header);
}
