/**
 * Convolution, NHWC x HWIO, image by image. With zeros put around the image first, row (r) of a window is
 * one run of kernel * channels adjacent floats, so the products read the image itself: no im2col.
 */
import { gemm, setWalk } from './gemm';
import { ADD, RELU } from './micro';
import { packB, packBTransposed, packedBytes } from './pack';

/** Geometry of the layer at work, set by `convShape`; p* is the padded image. */
let H: i32, W: i32, C: i32, OH: i32, OW: i32, N: i32, K: i32, S: i32, P: i32, PH: i32, PW: i32;
let padded: bool;

/** h, w, c -> oh, ow, n with a k x k kernel; must precede every call below. */
export function convShape(
  h: i32, w: i32, c: i32, oh: i32, ow: i32, n: i32, k: i32, stride: i32, pad: i32,
): void {
  H = h; W = w; C = c; OH = oh; OW = ow; N = n; K = k; S = stride; P = pad;
  PH = (oh - 1) * stride + k;
  PW = (ow - 1) * stride + k;
  padded = pad > 0 || PH > h || PW > w;
  if (!padded) { PH = h; PW = w; }
}

/** Byte offset in the (padded) image of each output pixel's window. */
function windowTable(table: usize): usize {
  for (let y = 0; y < OH; y++) {
    for (let x = 0; x < OW; x++) {
      store<u32>(table, <u32>(((y * S * PW + x * S) * C) << 2));
      table += 4;
    }
  }
  return (table + 15) & ~15;
}

function rowTable(table: usize, rows: i32, stride: usize): usize {
  for (let i = 0; i < rows; i++) store<u32>(table + (<usize>i << 2), <u32>(<usize>i * stride));
  return (table + (<usize>rows << 2) + 15) & ~15;
}

/** Copies one image into its frame of zeros; rows and columns that no window touches are left out. */
function frame(x: usize, dst: usize): void {
  memory.fill(dst, 0, <usize>(PH * PW * C) << 2);
  const width = <usize>(min(W, PW - P) * C) << 2;
  for (let y = 0; y < min(H, PH - P); y++) {
    memory.copy(dst + (<usize>(((y + P) * PW + P) * C) << 2), x + (<usize>(y * W * C) << 2), width);
  }
}

/** y [batch, oh, ow, n] = relu?(conv(x, w) + bias); wp is w packed as [k * k * c, n]. */
export function convForward(
  x: usize, wp: usize, bias: usize, y: usize, batch: i32, relu: i32, scratch: usize,
): void {
  const offC = windowTable(scratch);
  const buffer = rowTable(offC, OH * OW, <usize>N << 2);
  setWalk(0, K, K * C, <usize>((PW - K) * C) << 2);
  for (let i = 0; i < batch; i++) {
    if (padded) frame(x, buffer);
    gemm(padded ? buffer : x, scratch, OH * OW, wp, N, y, offC, bias, relu ? RELU : 0, false);
    x += <usize>(H * W * C) << 2;
    y += <usize>(OH * OW * N) << 2;
  }
}

/** dw [k, k, c, n] = sum over images and windows of window x dy. */
export function convBackwardWeights(x: usize, dy: usize, dw: usize, batch: i32, scratch: usize): void {
  const rows = K * K * C;
  let t = scratch;
  for (let r = 0; r < K; r++) {
    for (let s = 0; s < K * C; s++) {
      store<u32>(t, <u32>((r * PW * C + s) << 2));
      t += 4;
    }
  }
  const offC = (t + 15) & ~15;
  const packed = rowTable(offC, rows, <usize>N << 2);
  const buffer = packed + packedBytes(OH * OW, N);
  const step = <usize>(S * C) << 2;
  setWalk(step, OH, OW, (<usize>(S * PW * C) << 2) - <usize>OW * step);
  for (let i = 0; i < batch; i++) {
    if (padded) frame(x, buffer);
    packB(dy, packed, OH * OW, N, <usize>N << 2);
    gemm(padded ? buffer : x, scratch, rows, packed, N, dw, offC, 0, i ? ADD : 0, false);
    x += <usize>(H * W * C) << 2;
    dy += <usize>(OH * OW * N) << 2;
  }
}

/**
 * dx [batch, h, w, c]: dy * transpose(w), each window's run added straight into the image. Runs of one tile
 * overlap; its rows are added one after the other, so nothing is lost.
 */
export function convBackwardInput(dy: usize, w: usize, dx: usize, batch: i32, scratch: usize): void {
  const run = K * C;
  const offA = windowTable(scratch);
  let packed = rowTable(offA, OH * OW, <usize>N << 2);
  const each = packedBytes(N, run);
  for (let r = 0; r < K; r++) {
    packBTransposed(w + (<usize>(r * run * N) << 2), packed + <usize>r * each, N, run, <usize>N << 2);
  }
  const buffer = packed + <usize>K * each;
  const image = <usize>(H * W * C) << 2;
  setWalk(0, 1, N, 0);
  for (let i = 0; i < batch; i++) {
    const target = padded ? buffer : dx;
    memory.fill(target, 0, padded ? <usize>(PH * PW * C) << 2 : image);
    for (let r = 0; r < K; r++) {
      const row = target + (<usize>(r * PW * C) << 2);
      gemm(dy, offA, OH * OW, packed + <usize>r * each, run, row, scratch, 0, ADD, false);
    }
    if (padded) unframe(buffer, dx);
    dx += image;
    dy += <usize>(OH * OW * N) << 2;
  }
}

function unframe(src: usize, dx: usize): void {
  memory.fill(dx, 0, <usize>(H * W * C) << 2);
  const width = <usize>(min(W, PW - P) * C) << 2;
  for (let y = 0; y < min(H, PH - P); y++) {
    memory.copy(dx + (<usize>(y * W * C) << 2), src + (<usize>(((y + P) * PW + P) * C) << 2), width);
  }
}

/** Scratch bytes that any of these needs, for the shape set last. */
export function convScratch(): usize {
  const tables = <usize>max(OH * OW, K * K * C) * 8 + 64;
  const packs = max(packedBytes(OH * OW, N), <usize>K * packedBytes(N, K * C));
  return tables + packs + (<usize>(PH * PW * C) << 2) + 128;
}
