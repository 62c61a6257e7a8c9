import { sha256 as sha256InScript } from '@noble/hashes/sha2.js';
import { messageOf } from '../spec/problem';
import { fromPlanes } from './planes';
import { dataProblem } from './problems';
import type { Manifest, ShardInfo } from './types';

const hex = (bytes: Uint8Array) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');

/** sha256 in hex. Web Crypto is missing on plain-http pages other than localhost; a library steps in there. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const subtle = globalThis.crypto?.subtle;
  if (subtle) return hex(new Uint8Array(await subtle.digest('SHA-256', bytes)));
  return hex(sha256InScript(bytes));
}

/** Inflates a zlib stream into exactly `length` bytes; rejects on damage, and as soon as there is too much. */
async function inflate(packed: Uint8Array<ArrayBuffer>, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const out = new Uint8Array(length);
  let at = 0;
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
  for (const reader = stream.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    if (at + value.length > length) {
      await reader.cancel().catch(() => {});
      throw new Error(`more than ${length} bytes`);
    }
    out.set(value, at);
    at += value.length;
  }
  if (at !== length) throw new Error(`${at} bytes in place of ${length}`);
  return out;
}

/**
 * Checks and unpacks one shard: length as served, zlib stream, length and sha256 of the content.
 * @param name file name for messages, e.g. `mnist/test-00000.bin`
 * @param layout of the data set: shape of its images and how they are coded
 * @returns labels [n] and pixels [n, size] of the shard's n images (views of one buffer)
 * @throws WinnowError that names the file, what must be and what was found
 */
export async function openShard(
  name: string,
  shard: ShardInfo,
  { shape: [height, width, channels], coding }: Pick<Manifest, 'shape' | 'coding'>,
  packed: Uint8Array,
) {
  if (packed.length !== shard.bytes)
    throw dataProblem('length', name, `must be ${shard.bytes} bytes long, found ${packed.length}`, {
      expected: shard.bytes,
      found: packed.length,
    });
  const n = shard.range[1] - shard.range[0];
  let content: Uint8Array<ArrayBuffer>;
  try {
    content = await inflate(packed as Uint8Array<ArrayBuffer>, n * (1 + height * width * channels));
    if (coding === 'planes') content.set(fromPlanes(content.subarray(n), height, width), n);
  } catch (error) {
    const reason = messageOf(error);
    throw dataProblem('inflate', name, `is damaged and cannot be unpacked (${reason})`, { reason });
  }
  const found = await sha256(content);
  if (found !== shard.sha256)
    throw dataProblem('checksum', name, `has sha256 ${found}, must be ${shard.sha256}`, {
      expected: shard.sha256,
      found,
    });
  return { labels: content.subarray(0, n), pixels: content.subarray(n) };
}
