/**
 * JSON with typed arrays in it as bytes, exactly: also NaN, infinities and -0. What has been cut off, changed or made by
 * something else is refused.
 *
 * Layout: `WNV1`, CRC-32 of all that follows, 1 where that is deflated, then length of the text, text, arrays, each at a
 * multiple of eight bytes.
 */
import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';
import { crc32 } from '../crc32';

const MAGIC = 'WNV1';
/** Magic, checksum, and whether deflated. */
const HEAD = 4 + 8 + 4;
const TYPES = { f32: Float32Array, f64: Float64Array, u8: Uint8Array, u16: Uint16Array, u32: Uint32Array };
type Type = keyof typeof TYPES;
type Packed = InstanceType<(typeof TYPES)[Type]>;

/** Longer than what it packs, always; deflated only where that is shorter and asked for. */
export function pack(value: unknown, deflate = false): Uint8Array {
  const arrays: Packed[] = [];
  let at = 0;
  const text = JSON.stringify(value, (_, found: unknown) => {
    if (typeof found === 'number') return plain(found) ? found : { '#': numberName(found) };
    const type = typeOf(found);
    if (!type) return found;
    const array = found as Packed;
    const place = { $: [type, at, array.length] };
    arrays.push(array);
    at = eights(at + array.byteLength);
    return place;
  });
  const json = strToU8(text);
  const from = eights(4 + json.length);
  const body = new Uint8Array(from + at);
  new DataView(body.buffer).setUint32(0, json.length, true);
  body.set(json, 4);
  let to = from;
  for (const array of arrays) {
    body.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), to);
    to = eights(to + array.byteLength);
  }
  const small = deflate ? deflateSync(body) : body;
  return small.length < body.length ? sealed(small, 1) : sealed(body, 0);
}

function sealed(body: Uint8Array, deflated: number): Uint8Array {
  const bytes = new Uint8Array(HEAD + body.length);
  bytes[HEAD - 4] = deflated;
  bytes.set(body, HEAD);
  bytes.set(strToU8(MAGIC + crc32(bytes.subarray(HEAD - 4))));
  return bytes;
}

/** @throws Error for what `pack` has not made */
export function unpack(bytes: Uint8Array): unknown {
  const rest = bytes.subarray(HEAD - 4);
  if (strFromU8(bytes.subarray(0, HEAD - 4)) !== MAGIC + crc32(rest)) throw new Error('damaged record');
  const body = bytes[HEAD - 4] === 1 ? inflateSync(bytes.subarray(HEAD)) : bytes.slice(HEAD);
  const length = new DataView(body.buffer, body.byteOffset).getUint32(0, true);
  const from = eights(4 + length);
  return JSON.parse(strFromU8(body.subarray(4, 4 + length)), (_, found: unknown) => {
    if (typeof found !== 'object' || found === null) return found;
    if ('#' in found) return Number(found['#']);
    if (!('$' in found)) return found;
    const [type, at, count] = found.$ as [Type, number, number];
    const size = TYPES[type].BYTES_PER_ELEMENT;
    const start = body.byteOffset + from + at;
    return new TYPES[type](body.buffer.slice(start, start + count * size) as ArrayBuffer);
  });
}

const eights = (n: number): number => Math.ceil(n / 8) * 8;
const plain = (n: number): boolean => Number.isFinite(n) && !Object.is(n, -0);
const numberName = (n: number): string => (Object.is(n, -0) ? '-0' : String(n));
const typeOf = (value: unknown): Type | undefined =>
  (Object.keys(TYPES) as Type[]).find((type) => value instanceof TYPES[type]);
