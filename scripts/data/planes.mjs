// Lossless coding of colour images that deflate packs well; src/datasets/planes.ts undoes it. Per image the planes
// G, R - G + 128 and B - G + 128, each pixel as its difference (mod 256) to the median edge predictor of LOCO-I
// (Weinberger, Seroussi, Sapiro 2000).

/** Left, above and upper left neighbour; in the first row and column there is only one, at the corner none. */
function predict(plane, at, x, y, width) {
  if (y === 0) return x === 0 ? 0 : plane[at - 1];
  if (x === 0) return plane[at - width];
  const [a, b, c] = [plane[at - 1], plane[at - width], plane[at - width - 1]];
  if (c >= Math.max(a, b)) return Math.min(a, b);
  if (c <= Math.min(a, b)) return Math.max(a, b);
  return a + b - c;
}

/**
 * @param {Uint8Array} pixels [n, height, width, 3]
 * @returns {Uint8Array} [n, 3, height, width] residuals
 */
export function toPlanes(pixels, height, width) {
  const area = height * width;
  const out = new Uint8Array(pixels.length);
  const plane = new Uint8Array(area);
  for (let image = 0; image < pixels.length; image += 3 * area)
    for (const [i, channel] of [1, 0, 2].entries()) {
      for (let p = 0; p < area; p++) {
        const at = image + 3 * p;
        plane[p] = channel === 1 ? pixels[at + 1] : pixels[at + channel] - pixels[at + 1] + 128;
      }
      const start = image + i * area;
      for (let p = 0; p < area; p++)
        out[start + p] = plane[p] - predict(plane, p, p % width, (p / width) | 0, width);
    }
  return out;
}
