/**
 * Convolution with stride 1 by Winograd's minimal filtering: F(4 x 4, 3 x 3) and F(2 x 2, 5 x 5), with 4 and 2.8 times
 * fewer multiplications than summing directly. Tiles of several images fill a block that stays in the cache; in it
 * every one of the 36 positions of a tile is a product of matrices [tiles, c] * [c, n].
 * A tile is computed alike wherever it falls, so results do not depend on how a batch is cut. Infinities turn to NaN,
 * and NaN spreads over its tile.
 */
import { transpose } from '../../simd/assembly/pack';
import { frame } from './frame';
import { outerBy4, outerBy8, rowsBy4, rowsBy8 } from './tile';
import { gradientTile, imageTile, kernelGradient, kernelTile, resultTile } from './transform';

/** Bytes that a block of tiles may take, images and results together; sums over all blocks want larger ones. */
const BLOCK_BYTES: i32 = 400000;
const SUMS_BYTES: i32 = 600000;

/** Of the convolution at work: [h, w, c] -> [oh, ow, n], k x k kernel, pad; side of a tile's result; tiles per image. */
let H: i32, W: i32, C: i32, OH: i32, OW: i32, N: i32, K: i32, P: i32, M: i32, TY: i32, TX: i32;
/** Channels rounded up to whole vectors; tiles per block; the padded image, unless `bare`. */
let C4: i32, N4: i32, T: i32, PH: i32, PW: i32;
let bare: bool;
/** Bytes between two of the 36 positions, in the images and in the results of a block. */
let vStride: usize, mStride: usize;

/** Apart by an odd number of cache lines: 36 streams at a power of two would fall into the same few sets. */
// @ts-ignore: decorator
@inline
function apart(bytes: usize): usize {
  return ((bytes + 127) & ~127) + 64;
}

/** `sums`: for the gradient of the weights. */
export function winogradShape(
  h: i32, w: i32, c: i32, oh: i32, ow: i32, n: i32, k: i32, pad: i32, sums: bool,
): void {
  H = h; W = w; C = c; OH = oh; OW = ow; N = n; K = k; P = pad;
  M = 7 - k;
  TY = (oh + M - 1) / M;
  TX = (ow + M - 1) / M;
  C4 = (c + 3) & ~3;
  N4 = (n + 3) & ~3;
  PH = TY * M + k - 1;
  PW = TX * M + k - 1;
  bare = pad == 0 && PH <= h && PW <= w;
  if (bare) { PH = h; PW = w; }
  const room = (sums ? SUMS_BYTES : BLOCK_BYTES) / (144 * (C4 + N4)) / 12 * 12;
  T = sums ? max(36, min(192, room)) : max(24, min(96, room));
  vStride = apart(<usize>(T * C4) << 2);
  mStride = apart(<usize>(T * N4) << 2);
}

/**
 * How many times longer summing directly takes, by count of multiplications; a transform of one channel of one tile
 * takes as long as about 200.
 */
export function winogradGain(h: i32, w: i32, c: i32, oh: i32, ow: i32, n: i32, k: i32, stride: i32): f64 {
  if (stride != 1 || (k != 3 && k != 5) || c < 8 || n < 8) return 0;
  const m = 7 - k;
  const tiles = <f64>((oh + m - 1) / m) * <f64>((ow + m - 1) / m);
  const direct = <f64>(oh * ow) * <f64>(k * k) * <f64>(c * n);
  return direct / (tiles * (36 * <f64>(c * n) + 200 * <f64>(c + n)));
}

/** Bytes of a transformed kernel: 36 matrices [c, n] in panels of eight columns, the last of four or eight. */
export function winogradKernelBytes(c: i32, n: i32): usize {
  return 36 * (<usize>(c * ((n + 3) & ~3)) << 2);
}

/** w [k, k, c, n], the c rows `row` bytes apart, to the domain. */
export function winogradKernel(w: usize, row: usize, c: i32, n: i32, k: i32, to: usize): void {
  const stride = <usize>(c * ((n + 3) & ~3)) << 2;
  for (let j = 0; j < n; j += 8) {
    const wide = j + 4 < n;
    const step: usize = wide ? 32 : 16;
    for (let i = 0; i < c; i++) {
      const from = w + <usize>i * row + (<usize>j << 2);
      const at = to + (<usize>(j * c) << 2) + <usize>i * step;
      kernelTile(from, <usize>c * row, k, at, stride);
      if (wide) kernelTile(from + 16, <usize>c * row, k, at + 16, stride);
    }
  }
}

/** The kernel of the gradient of the input: w [k, k, c, n] turned by 180 degrees and c and n exchanged. */
export function winogradTurned(w: usize, c: i32, n: i32, k: i32, to: usize, scratch: usize): void {
  const row = <usize>((c + 3) & ~3) << 2;
  const taps = k * k;
  for (let i = 0; i < taps; i++) {
    const from = w + (<usize>((taps - 1 - i) * c * n) << 2);
    transpose(from, scratch + <usize>(i * n) * row, c, n, <usize>n << 2, row);
  }
  winogradKernel(scratch, row, n, c, k, to);
}
/** Scratch bytes of winogradTurned. */
export function turnedBytes(c: i32, n: i32, k: i32): usize {
  return <usize>(k * k * n * ((c + 3) & ~3)) << 2;
}

/** y = relu?(conv(x, kernel) + bias) for the shape set last; `kernel` transformed, bias 0 for none. */
export function winogradForward(
  x: usize, kernel: usize, bias: usize, y: usize, batch: i32, relu: bool, scratch: usize,
): void {
  const places = scratch;
  const corner = places + (<usize>T << 2);
  const framed = corner + (<usize>(M * M * N4) << 2);
  const v = framed + apart(<usize>(PH * PW * C) << 2);
  const m = v + 36 * vStride;
  if (!bare) memory.fill(framed, 0, <usize>(PH * PW * C) << 2);
  let count = 0;
  for (let i = 0; i < batch; i++) {
    const from = bare ? x : framed;
    if (!bare) frame(x, framed, H, W, C, PH, PW, P);
    for (let ty = 0; ty < TY; ty++) {
      for (let tx = 0; tx < TX; tx++) {
        const at = from + (<usize>((ty * PW + tx) * M * C) << 2);
        imageTile(at, <usize>(PW * C) << 2, <usize>C << 2, C4 >> 2, v + (<usize>(count * C4) << 2), vStride);
        store<u32>(places + (<usize>count << 2), <u32>((i * TY + ty) * TX + tx));
        if (++count == T) {
          results(v, kernel, m, count, places, corner, bias, y, relu);
          count = 0;
        }
      }
    }
    x += <usize>(H * W * C) << 2;
  }
  if (count) results(v, kernel, m, count, places, corner, bias, y, relu);
}

/** The products of a block, and its tiles of y. */
function results(
  v: usize, kernel: usize, m: usize, count: i32, places: usize, corner: usize, bias: usize, y: usize, relu: bool,
): void {
  const rows = max(4, (count + 1) & ~1);
  const lda = <usize>C4 << 2, ldc = <usize>N4 << 2;
  let b = kernel, a = v, to = m;
  for (let i = 0; i < 36; i++) {
    for (let j = 0; j < N4; j += 8) {
      const out = to + (<usize>j << 2);
      if (N4 - j > 4) {
        rowsBy8(a, lda, rows, b, C, out, ldc);
        b += <usize>C << 5;
      } else {
        rowsBy4(a, lda, rows, b, C, out, ldc);
        b += <usize>C << 4;
      }
    }
    a += vStride;
    to += mStride;
  }
  const pixel = <usize>N << 2, row = <usize>(OW * N) << 2;
  for (let t = 0; t < count; t++) {
    const tile = load<u32>(places + (<usize>t << 2));
    const from = m + <usize>t * ldc;
    const at = y + place(tile);
    if (whole(tile)) {
      resultTile(from, mStride, M, bias, relu, at, row, pixel, N);
    } else {
      resultTile(from, mStride, M, bias, relu, corner, <usize>M * pixel, pixel, N);
      const width = <usize>across(tile) * pixel;
      for (let r = 0; r < down(tile); r++) memory.copy(at + <usize>r * row, corner + <usize>(r * M) * pixel, width);
    }
  }
}

/** Where the result of a tile (by number within the batch) begins, in bytes; rows and columns of it in the image. */
function place(tile: u32): usize {
  const tx = tile % TX, ty = (tile / TX) % TY, image = tile / (TX * TY);
  return <usize>(((image * OH + ty * M) * OW + tx * M) * N) << 2;
}
function across(tile: u32): i32 {
  return min(M, OW - <i32>(tile % TX) * M);
}
function down(tile: u32): i32 {
  return min(M, OH - <i32>((tile / TX) % TY) * M);
}
// @ts-ignore: decorator
@inline
function whole(tile: u32): bool {
  return across(tile) == M && down(tile) == M;
}

/** dw [k, k, c, n] for the shape set last. */
export function winogradWeights(x: usize, dy: usize, dw: usize, batch: i32, scratch: usize): void {
  const corner = scratch;
  const framed = corner + (<usize>(M * M * N) << 2) + 64;
  const v = framed + apart(<usize>(PH * PW * C) << 2);
  const d = v + 36 * vStride;
  const sums = d + 36 * mStride;
  const sumStride = apart(<usize>(C4 * N4) << 2);
  const pixel = <usize>N << 2, row = <usize>(OW * N) << 2;
  memory.fill(sums, 0, 36 * sumStride);
  if (!bare) memory.fill(framed, 0, <usize>(PH * PW * C) << 2);
  let count = 0;
  for (let i = 0; i < batch; i++) {
    const from = bare ? x : framed;
    if (!bare) frame(x, framed, H, W, C, PH, PW, P);
    for (let ty = 0; ty < TY; ty++) {
      for (let tx = 0; tx < TX; tx++) {
        const at = from + (<usize>((ty * PW + tx) * M * C) << 2);
        const to = <usize>count << 2;
        imageTile(at, <usize>(PW * C) << 2, <usize>C << 2, C4 >> 2, v + to * C4, vStride);
        const tile = <u32>((i * TY + ty) * TX + tx);
        if (whole(tile)) {
          gradientTile(dy + place(tile), row, pixel, M, N4 >> 2, d + to * N4, mStride);
        } else {
          cornerOf(dy, tile, corner);
          gradientTile(corner, <usize>M * pixel, pixel, M, N4 >> 2, d + to * N4, mStride);
        }
        if (++count == T) {
          addProducts(v, d, sums, sumStride, count);
          count = 0;
        }
      }
    }
    x += <usize>(H * W * C) << 2;
  }
  if (count) addProducts(v, d, sums, sumStride, count);
  for (let c = 0; c < C; c++) {
    for (let n = 0; n < N; n += 4) {
      const from = sums + (<usize>(c * N4 + n) << 2);
      kernelGradient(from, sumStride, K, dw + (<usize>(c * N + n) << 2), <usize>(C * N) << 2, N - n);
    }
  }
}

/** A tile of dy that reaches beyond the image, with zeros there. */
function cornerOf(dy: usize, tile: u32, corner: usize): void {
  const pixel = <usize>N << 2;
  memory.fill(corner, 0, <usize>(M * M) * pixel);
  const from = dy + place(tile);
  const width = <usize>across(tile) * pixel;
  for (let r = 0; r < down(tile); r++) {
    memory.copy(corner + <usize>(r * M) * pixel, from + (<usize>(r * OW * N) << 2), width);
  }
}

function addProducts(v: usize, d: usize, sums: usize, sumStride: usize, count: i32): void {
  const lda = <usize>C4 << 2, ldb = <usize>N4 << 2;
  for (let i = 0; i < 36; i++) {
    for (let j = 0; j < N4; j += 8) {
      const col = <usize>j << 2;
      if (N4 - j > 4) outerBy8(v, lda, C4, d + col, ldb, count, sums + col, ldb);
      else outerBy4(v, lda, C4, d + col, ldb, count, sums + col, ldb);
    }
    v += vStride;
    d += mStride;
    sums += sumStride;
  }
}

/** Scratch bytes for the shape set last. */
export function winogradScratch(): usize {
  const framed = apart(<usize>(PH * PW * C) << 2);
  const corner = (<usize>(M * M * N4) << 2) + (<usize>T << 2) + 128;
  return corner + framed + 36 * (vStride + mStride + apart(<usize>(C4 * N4) << 2)) + 256;
}
