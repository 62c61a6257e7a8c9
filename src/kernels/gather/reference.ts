/** Bytes to floats, pixel by pixel. Contract: contract.ts. */
import { type GatherOps, MOVE_BYTES } from './contract';

/** A byte as a signed number. */
const signed = (byte: number): number => (byte << 24) >> 24;

export const gatherOps = (view: () => Float32Array, raw: () => Uint8Array): GatherOps => ({
  fromBytes(x, y, n, scale, shift) {
    const [f, u] = [view(), raw()];
    for (let i = 0; i < n; i++) f[y / 4 + i] = u[x + i] * scale + shift;
  },
  augment({ h, w, c }, x, moves, y, batch, scale, shift) {
    const [f, u] = [view(), raw()];
    for (let i = 0; i < batch; i++) {
      const [flip, down, right] = [0, 1, 2].map((k) => signed(u[moves + i * MOVE_BYTES + k]));
      for (let r = 0; r < h; r++) {
        for (let q = 0; q < w; q++) {
          const [from, at] = [r + down, (flip ? w - 1 - q : q) + right];
          const inside = from >= 0 && from < h && at >= 0 && at < w;
          for (let k = 0; k < c; k++) {
            const byte = inside ? u[x + ((i * h + from) * w + at) * c + k] : 0;
            f[y / 4 + ((i * h + r) * w + q) * c + k] = byte * scale + shift;
          }
        }
      }
    }
  },
});
