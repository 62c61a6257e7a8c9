/** N:M sparsity by plain loops; sums in double precision. Contract: contract.ts. */
import { clip } from '../../dense/reference';
import { type GroupSize, indexBits, LANES, type NmOps, slotsOf } from './contract';

export const nmOps = (view: () => Float32Array, raw: () => Uint8Array): NmOps => ({
  scratchNm: () => 0,
  nmForward(s, x, packed, bias, y, rows, relu) {
    const f = view();
    const bytes = raw();
    const [n, m] = new Uint32Array(f.buffer, packed.pattern, 2);
    const slots = slotsOf(s.in, { n, m: m as GroupSize });
    const index = (slot: number, lane: number): number =>
      indexBits(m as GroupSize) === 2
        ? (bytes[packed.indices + slot] >> (2 * lane)) & 3
        : bytes[packed.indices + LANES * slot + lane];
    for (let i = 0; i < rows; i++) {
      for (let o = 0; o < s.out; o++) {
        const lane = o % LANES;
        const first = Math.floor(o / LANES) * slots;
        let sum = 0;
        for (let slot = 0; slot < slots; slot++) {
          const k = Math.floor(slot / n) * m + index(first + slot, lane);
          sum += f[x / 4 + i * s.in + k] * f[packed.values / 4 + LANES * (first + slot) + lane];
        }
        if (bias) sum += f[bias / 4 + o];
        f[y / 4 + i * s.out + o] = relu ? clip(sum) : sum;
      }
    }
  },
});
