/**
 * Makes a drawing look like MNIST: cut out, scaled to fit 20x20 with its shape kept, and put into 28x28 with
 * its centre of mass in the middle (LeCun, Cortes, Burges: the MNIST database, description of the files).
 * Nothing is cut off for that: a very lopsided drawing stays a little off the middle.
 */
export const SIDE = 28;
const BOX = 20;

/**
 * @param ink grey values 0..255 (0 = background), row-major, width * height
 * @returns 28*28 grey values; all zero for an empty drawing
 */
export function centreByMass(ink: Uint8Array | Uint8ClampedArray, width: number, height: number): Uint8Array {
  const out = new Uint8Array(SIDE * SIDE);
  const box = bounds(ink, width, height);
  if (!box) return out;
  const scale = Math.max(box.width, box.height) / BOX;
  const w = Math.max(1, Math.round(box.width / scale));
  const h = Math.max(1, Math.round(box.height / scale));
  const small = shrink(ink, width, height, box, w, h);
  const mass = centreOf(small, w, h);
  const left = clamp(Math.round(SIDE / 2 - mass.x), SIDE - w);
  const top = clamp(Math.round(SIDE / 2 - mass.y), SIDE - h);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) out[(top + y) * SIDE + left + x] = Math.round(small[y * w + x]);
  return out;
}
const clamp = (value: number, most: number) => Math.min(most, Math.max(0, value));

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}
function bounds(ink: ArrayLike<number>, width: number, height: number): Box | undefined {
  let [x0, y0, x1, y1] = [width, height, -1, -1];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (ink[y * width + x] > 0) {
        x0 = Math.min(x0, x);
        x1 = Math.max(x1, x);
        y0 = Math.min(y0, y);
        y1 = Math.max(y1, y);
      }
  return x1 < 0 ? undefined : { x: x0, y: y0, width: x1 - x0 + 1, height: y1 - y0 + 1 };
}
/** Mean over the area that each small pixel covers. */
function shrink(
  ink: ArrayLike<number>,
  width: number,
  height: number,
  box: Box,
  w: number,
  h: number,
): Float64Array {
  const out = new Float64Array(w * h);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      let sum = 0;
      let area = 0;
      for (const [sy, wy] of overlaps(
        box.y + (y * box.height) / h,
        box.y + ((y + 1) * box.height) / h,
        height,
      ))
        for (const [sx, wx] of overlaps(
          box.x + (x * box.width) / w,
          box.x + ((x + 1) * box.width) / w,
          width,
        )) {
          sum += wy * wx * ink[sy * width + sx];
          area += wy * wx;
        }
      out[y * w + x] = area > 0 ? sum / area : 0;
    }
  return out;
}
/** Cells that [from, to) touches, and how much of each. */
function overlaps(from: number, to: number, size: number): [number, number][] {
  const out: [number, number][] = [];
  for (let i = Math.floor(from); i < Math.min(Math.ceil(to), size); i++)
    out.push([i, Math.min(i + 1, to) - Math.max(i, from)]);
  return out;
}
/** Centre of mass in pixels from the top left corner, pixel centres at .5. */
export function centreOf(grey: ArrayLike<number>, width: number, height: number): { x: number; y: number } {
  let [sx, sy, sum] = [0, 0, 0];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const g = grey[y * width + x];
      sx += g * (x + 0.5);
      sy += g * (y + 0.5);
      sum += g;
    }
  return sum === 0 ? { x: width / 2, y: height / 2 } : { x: sx / sum, y: sy / sum };
}
