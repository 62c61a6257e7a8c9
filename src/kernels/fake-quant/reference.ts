/** Quantized weights, range by range. Contract: contract.ts. */
import type { FakeQuantOps, FakeQuantShape } from './contract';

const LEAST = Math.fround(1e-12);

/** To the nearest whole number, halves to even. */
function nearest(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}
const clamp = (x: number, most: number): number => (x < 0 ? 0 : x > most ? most : x);

/** What weights of one range become, given those that are kept. */
function quantizer({ bits, scheme }: FakeQuantShape, kept: number[]): (w: number) => number {
  if (bits === 1) {
    const mean = kept.length === 0 ? 0 : kept.reduce((sum, w) => sum + Math.abs(w), 0) / kept.length;
    return (w) => (w >= 0 ? mean : -mean);
  }
  const low = kept.reduce((a, b) => Math.min(a, b), 0);
  const high = kept.reduce((a, b) => Math.max(a, b), 0);
  const limit = 2 ** (bits - 1) - 1;
  const most = scheme === 'affine' ? 2 ** bits - 1 : 2 * limit;
  const width = scheme === 'affine' ? (high - low) / most : Math.max(high, -low) / limit;
  const scale = Math.max(LEAST, Math.fround(width));
  const zero = scheme === 'affine' ? clamp(nearest(Math.fround(-low / scale)), most) : limit;
  return (w) => scale * (clamp(nearest(Math.fround(w / scale)) + zero, most) - zero);
}

export const fakeQuantOps = (view: () => Float32Array, raw: () => Uint8Array): FakeQuantOps => ({
  fakeQuant(s, w, mask, y) {
    const [f, u] = [view(), raw()];
    let finite = true;
    for (let c = 0; c < s.ranges; c++) {
      const members: number[] = [];
      for (let i = c; i < s.n; i += s.ranges) if (mask === 0 || u[mask + i] !== 0) members.push(i);
      const kept = members.map((i) => f[w / 4 + i]);
      if (!kept.every(Number.isFinite)) finite = false;
      const quantize = quantizer(s, kept);
      for (let i = c; i < s.n; i += s.ranges) f[y / 4 + i] = 0;
      members.forEach((i, k) => {
        f[y / 4 + i] = quantize(kept[k]);
      });
    }
    return finite;
  },
});
