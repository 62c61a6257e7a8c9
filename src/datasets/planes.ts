/**
 * Undoes what scripts/data/planes.mjs does to colour images before they are deflated: per image the planes G,
 * R - G + 128 and B - G + 128, each pixel as its difference (mod 256) to the median edge predictor of LOCO-I
 * (Weinberger, Seroussi, Sapiro 2000).
 * @param coded [n, 3, height, width] residuals
 * @returns [n, height, width, 3]
 */
export function fromPlanes(coded: Uint8Array, height: number, width: number): Uint8Array<ArrayBuffer> {
  const area = height * width;
  const out = new Uint8Array(coded.length);
  const planes = [new Uint8Array(area), new Uint8Array(area), new Uint8Array(area)];
  for (let image = 0; image < coded.length; image += 3 * area) {
    planes.forEach((plane, i) => {
      restore(coded, image + i * area, plane, height, width);
    });
    const [green, red, blue] = planes;
    for (let p = 0, at = image; p < area; p++, at += 3) {
      const g = green[p];
      out[at] = red[p] + g - 128;
      out[at + 1] = g;
      out[at + 2] = blue[p] + g - 128;
    }
  }
  return out;
}

/** One plane from its residuals, which begin at `from`. */
function restore(coded: Uint8Array, from: number, plane: Uint8Array, height: number, width: number): void {
  plane[0] = coded[from];
  for (let x = 1; x < width; x++) plane[x] = coded[from + x] + plane[x - 1];
  for (let y = 1, at = width; y < height; y++) {
    let c = plane[at - width];
    let a = (coded[from + at] + c) & 255;
    plane[at++] = a;
    for (let x = 1; x < width; x++, at++) {
      const b = plane[at - width];
      // Median of a, b and a + b - c, without branches: photographs would have them mispredicted all the time.
      const over = a - b;
      const low = b + (over & (over >> 31));
      const high = a - (over & (over >> 31));
      const capped = high + ((low - c) & ((low - c) >> 31));
      const guess = low + ((capped - low) & ~((capped - low) >> 31));
      a = (coded[from + at] + guess) & 255;
      plane[at] = a;
      c = b;
    }
  }
}
