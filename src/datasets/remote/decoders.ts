/** From the files of a part to its images, a block at a time. What they must be is checked by the caller. */
import { messageOf } from '../../spec/problem';
import { readParquet } from '../decode/parquet';
import { pngDecoder } from '../decode/png';
import { Unreadable } from '../decode/unreadable';
import { breather } from './breath';
import { BLOCK, type DecoderName, type PublicPart } from './types';

type Shape = readonly [height: number, width: number, channels: number];
export interface Block {
  /** Original index of the first image. */
  from: number;
  /** [n] and [n, height * width * channels]. */
  labels: Uint8Array;
  pixels: Uint8Array;
}
/** @throws Unreadable */
type Decoder = (files: readonly Uint8Array[], part: PublicPart, shape: Shape) => AsyncGenerator<Block>;

export const decoders: Readonly<Record<DecoderName, Decoder>> = {
  async *idx([images, labels], { from, count }, [height, width]) {
    const pixels = idxBody(await unzipped(images), [count, height, width]);
    yield* cut(idxBody(await unzipped(labels), [count]), pixels, from);
  },

  async *'png-rows'([image, labels], { from, count }, shape) {
    const decode = await pngDecoder();
    const { width, height, channels, pixels } = decode(image);
    const [rows, row] = [count, shape[0] * shape[1]];
    if (width !== row || height !== rows || channels !== shape[2])
      throw new Unreadable(`${row} x ${rows} x ${shape[2]} samples`, `${width} x ${height} x ${channels}`);
    yield* cut(jsonLabels(labels, from, count), pixels, from);
  },

  async *parquet([file], { from, count }, shape) {
    const { encoded, labels } = await readParquet(file);
    if (labels.length !== count) throw new Unreadable(`${count} rows`, `${labels.length}`);
    const decode = await pngDecoder();
    const breathe = breather();
    const size = shape[0] * shape[1] * shape[2];
    for (let at = 0; at < count; at += BLOCK) {
      const n = Math.min(BLOCK, count - at);
      const pixels = new Uint8Array(n * size);
      for (let i = 0; i < n; i++) {
        const { width, height, channels, pixels: one } = decode(encoded[at + i]);
        const found = [height, width, channels];
        if (found.join() !== shape.join())
          throw new Unreadable(`images of ${shape.join(' x ')}`, `${found.join(' x ')} in row ${at + i}`);
        pixels.set(one, i * size);
        await breathe();
      }
      yield { from: from + at, labels: Uint8Array.from(labels.slice(at, at + n)), pixels };
    }
  },
};

function* cut(labels: Uint8Array, pixels: Uint8Array, from: number): Generator<Block> {
  const size = pixels.length / labels.length;
  for (let at = 0; at < labels.length; at += BLOCK)
    yield {
      from: from + at,
      labels: labels.subarray(at, at + BLOCK),
      pixels: pixels.subarray(at * size, (at + BLOCK) * size),
    };
}

/** Of a file that a host may serve with or without its gzip. */
async function unzipped(bytes: Uint8Array): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    const packed = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
    const stream = packed.pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (error) {
    throw new Unreadable('a gzip file', `a damaged one (${messageOf(error)})`);
  }
}

/** Values behind the header of an idx file of bytes: a magic number and one u32 for each dimension. */
function idxBody(bytes: Uint8Array, dims: readonly number[]): Uint8Array {
  const header = 4 + 4 * dims.length;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const words = Array.from({ length: Math.min(header, bytes.length) >> 2 }, (_, i) => view.getUint32(4 * i));
  const wanted = [0x0800 + dims.length, ...dims];
  const length = header + dims.reduce((a, b) => a * b, 1);
  if (words.join() === wanted.join() && bytes.length === length) return bytes.subarray(header);
  throw new Unreadable(
    `an idx file of ${dims.join(' x ')} bytes`,
    `${bytes.length} bytes that begin with ${words.join(', ') || 'nothing'}`,
  );
}

function jsonLabels(bytes: Uint8Array, from: number, count: number): Uint8Array {
  let all: unknown;
  try {
    all = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new Unreadable('labels in JSON', messageOf(error));
  }
  if (!Array.isArray(all) || all.length < from + count)
    throw new Unreadable(
      `an array of at least ${from + count} labels`,
      Array.isArray(all) ? `${all.length}` : typeof all,
    );
  return Uint8Array.from(all.slice(from, from + count));
}
