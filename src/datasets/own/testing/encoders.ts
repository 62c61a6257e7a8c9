/** Writers of every format that the readers read, so that tests need no files. */

import { encode } from 'fast-png';
import { gzipSync, zipSync } from 'fflate';
import type { OwnFile, Work } from '../types';

/** Bytes that look random and are the same every time. */
export const noise = (n: number, seed = 0): Uint8Array =>
  Uint8Array.from({ length: n }, (_, i) => (Math.imul(i + 1 + seed * 7919, 2654435761) >>> 13) & 255);
export const file = (name: string, bytes: Uint8Array, folders: string[] = []): OwnFile => ({
  name,
  bytes,
  folders,
  inside: folders.length > 0,
});
export const text = (value: string): Uint8Array => new TextEncoder().encode(value);
export const quiet: Work = { turn: async () => {}, tell: () => {} };

export function idx(dims: number[], values: Uint8Array, type = 8): Uint8Array {
  const out = new Uint8Array(4 + 4 * dims.length + values.length);
  out.set([0, 0, type, dims.length]);
  for (const [i, n] of dims.entries()) new DataView(out.buffer).setUint32(4 + 4 * i, n);
  out.set(values, 4 + 4 * dims.length);
  return out;
}
export function npy(descr: string, shape: number[], values: Uint8Array, order = 'False'): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape.join(', ')},), }\n`;
  const out = new Uint8Array(10 + header.length + values.length);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  out.set(text(header), 10);
  out.set(values, 10 + header.length);
  return out;
}
/** Images [n, 32, 32, 3] as CIFAR-10 (one label byte) or CIFAR-100 (a coarse one before it). */
export function cifar(images: Uint8Array, labels: readonly number[], coarse = false): Uint8Array {
  const head = coarse ? 2 : 1;
  const out = new Uint8Array(labels.length * (head + 3072));
  labels.forEach((label, i) => {
    const at = i * (head + 3072);
    out[at + head - 1] = label;
    for (let p = 0; p < 1024; p++)
      for (let c = 0; c < 3; c++) out[at + head + c * 1024 + p] = images[(i * 1024 + p) * 3 + c];
  });
  return out;
}
export const png = (width: number, height: number, channels: 1 | 2 | 3 | 4, data: Uint8Array): Uint8Array =>
  encode({ width, height, channels, data });

/** ustar; a path longer than 100 characters is written as GNU does. */
export function tar(files: Record<string, Uint8Array>): Uint8Array {
  const blocks: Uint8Array[] = [];
  const put = (path: string, type: string, content: Uint8Array) => {
    const header = new Uint8Array(512);
    header.set(text(path.slice(0, 100)));
    header.set(text('0000644\0'), 100);
    header.set(text(`${content.length.toString(8).padStart(11, '0')}\0`), 124);
    header.set(text(`        ${type}`), 148);
    header.set(text('ustar\x0000'), 257);
    const sum = header.reduce((a, b) => a + b, 0);
    header.set(text(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
    const padded = new Uint8Array(Math.ceil(content.length / 512) * 512);
    padded.set(content);
    blocks.push(header, padded);
  };
  for (const [path, content] of Object.entries(files)) {
    if (path.length > 100) put('././@LongLink', 'L', text(`${path}\0`));
    put(path, '0', content);
  }
  blocks.push(new Uint8Array(1024));
  const out = new Uint8Array(blocks.reduce((n, b) => n + b.length, 0));
  let at = 0;
  for (const b of blocks) {
    out.set(b, at);
    at += b.length;
  }
  return out;
}
export const zip = (files: Record<string, Uint8Array>): Uint8Array => zipSync(files, { level: 0 });
export const gzip = (bytes: Uint8Array): Uint8Array => gzipSync(bytes);

/** n grey images of a side and labels 0, 1, 2, 0, ...; every image is another one. */
export function digits(n: number, side = 5, seed = 0) {
  const pixels = noise(n * side * side, seed);
  // The place in the set, so that no two images are equal.
  for (let i = 0; i < n; i++) pixels.set([i & 255, i >> 8, seed], i * side * side);
  return { n, side, pixels, labels: Uint8Array.from({ length: n }, (_, i) => i % 3) };
}
/** The same as one PNG a file, in one folder a class. */
export function folders({ n, side, pixels, labels }: ReturnType<typeof digits>, names = ['a', 'b', 'c']) {
  const size = side * side;
  return Object.fromEntries(
    Array.from({ length: n }, (_, i) => [
      `${names[labels[i]]}/${i}.png`,
      png(side, side, 1, pixels.subarray(i * size, (i + 1) * size)),
    ]),
  );
}
