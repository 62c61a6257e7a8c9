/**
 * Indices in the order of their keys, smallest first, equal keys by index: two counting passes over the halves of the
 * bits, in linear time. A comparison sort of the largest layers here takes seconds.
 * @param keys not negative: unsigned integers, or the bits of floats that are not negative
 */
export function ascending(keys: Uint32Array): Uint32Array {
  const first = Uint32Array.from(keys, (_, i) => i);
  if (keys.length < FEW) return first.sort((a, b) => keys[a] - keys[b] || a - b);
  return byHalf(keys, byHalf(keys, first, 0), 16);
}
/** Counting 65,536 buckets twice costs more than comparing so few. */
const FEW = 4096;
/** The order sorted by 16 bits of the keys, otherwise left as it is. */
function byHalf(keys: Uint32Array, order: Uint32Array, shift: 0 | 16): Uint32Array {
  const next = new Uint32Array(0x10001);
  for (const key of keys) next[((key >>> shift) & 0xffff) + 1]++;
  for (let i = 1; i < next.length; i++) next[i] += next[i - 1];
  const out = new Uint32Array(order.length);
  for (const i of order) out[next[(keys[i] >>> shift) & 0xffff]++] = i;
  return out;
}
/** The bits of the sizes of floats, which are in the order of the sizes; those that are not finite come last. */
export const sizeBits = (values: Float32Array): Uint32Array =>
  new Uint32Array(values.buffer, values.byteOffset, values.length).map((bits) => bits & 0x7fffffff);
