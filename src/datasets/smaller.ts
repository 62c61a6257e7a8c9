import type { DatasetInfo } from './types';

/**
 * Each pixel the mean of a square of pixels, channel by channel, rounded to the nearest byte (halves up).
 * @param pixels [n, height, width, channels] of images whose sides `block` divides
 * @returns [n, height / block, width / block, channels]
 */
export function blockMeans(pixels: Uint8Array, [h, w, c]: DatasetInfo['shape'], block: number): Uint8Array {
  const [rows, columns] = [h / block, w / block];
  const n = pixels.length / (h * w * c);
  const out = new Uint8Array(n * rows * columns * c);
  const sums = new Uint32Array(columns * c);
  for (let image = 0; image < n; image++) {
    for (let row = 0; row < rows; row++) {
      sums.fill(0);
      for (let y = row * block; y < (row + 1) * block; y++) {
        const from = (image * h + y) * w * c;
        for (let x = 0; x < w; x++) {
          for (let k = 0; k < c; k++) sums[Math.floor(x / block) * c + k] += pixels[from + x * c + k];
        }
      }
      const to = (image * rows + row) * columns * c;
      for (let i = 0; i < sums.length; i++) out[to + i] = Math.floor(sums[i] / block ** 2 + 0.5);
    }
  }
  return out;
}
