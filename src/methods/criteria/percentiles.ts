import { ascending, sizeBits } from '../ascending';
import { survivors } from '../select';

/**
 * Share, in [0, 1), of the survivors whose size is smaller. Equal sizes have equal percentiles: a layer of constants has
 * nothing but zeros, and an order by index would be structure that is not there.
 * @returns NaN for a survivor that is not finite, so that it is refused; 0 for what is pruned
 */
export function percentiles(values: Float32Array, mask: Uint8Array | undefined): Float32Array {
  const sizes = sizeBits(values);
  const n = survivors(mask, values.length);
  const out = new Float32Array(values.length);
  let [seen, smaller, last] = [0, 0, -1];
  for (const i of ascending(sizes)) {
    if (mask && mask[i] === 0) continue;
    if (sizes[i] !== last) [smaller, last] = [seen, sizes[i]];
    out[i] = Number.isFinite(values[i]) ? smaller / n : Number.NaN;
    seen++;
  }
  return out;
}
/** The plain meaning of it, by counting for each; the tests hold the fast one against it. */
export function plainPercentiles(values: Float32Array, mask: Uint8Array | undefined): number[] {
  const alive = [...values.keys()].filter((i) => !mask || mask[i] === 1);
  return Array.from(values, (v, i) => {
    if (mask?.[i] === 0) return 0;
    if (!Number.isFinite(v)) return Number.NaN;
    return alive.filter((j) => Math.abs(values[j]) < Math.abs(v)).length / alive.length;
  });
}
