/**
 * Convolution summed directly, image by image. With zeros put around the image first, row (r) of a window is
 * one run of kernel * channels adjacent floats, so the products read the image itself: no im2col.
 */
import { gemm, setWalk } from '../../simd/assembly/gemm';
import { ADD, RELU } from '../../simd/assembly/micro';
import { packB, packBTransposed, packedBytes, transpose } from '../../simd/assembly/pack';
import { combine, listRow } from '../../simd/assembly/sparse';
import { frame } from './frame';

/** Geometry of the layer at work, set by `directShape`; p* is the padded image. */
let H: i32, W: i32, C: i32, OH: i32, OW: i32, N: i32, K: i32, S: i32, P: i32, PH: i32, PW: i32;
let padded: bool;

/** h, w, c -> oh, ow, n with a k x k kernel; must precede every call below. */
export function directShape(
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

/** y [batch, oh, ow, n] = relu?(conv(x, w) + bias); wp is w packed as [k * k * c, n]. */
export function directForward(
  x: usize, wp: usize, bias: usize, y: usize, batch: i32, relu: i32, scratch: usize,
): void {
  const offC = windowTable(scratch);
  const buffer = rowTable(offC, OH * OW, <usize>N << 2);
  setWalk(0, K, K * C, <usize>((PW - K) * C) << 2);
  if (padded) memory.fill(buffer, 0, <usize>(PH * PW * C) << 2);
  for (let i = 0; i < batch; i++) {
    if (padded) frame(x, buffer, H, W, C, PH, PW, P);
    gemm(padded ? buffer : x, scratch, OH * OW, wp, N, y, offC, bias, relu ? RELU : 0, false);
    x += <usize>(H * W * C) << 2;
    y += <usize>(OH * OW * N) << 2;
  }
}

/** Pairs of vectors that hold one run (a kernel row) of a window. */
// @ts-ignore: decorator
@inline
function runPairs(): i32 {
  return (K * C + 7) >> 3;
}

/** How much longer the sparse kernels take per product than the dense ones, the padding of runs to pairs counted. */
export function sparsePenalty(): f64 {
  return 2 * <f64>(runPairs() << 3) / <f64>(K * C);
}

/** out += factor * window over a list; the K runs of a window lie `from` bytes apart there and `to` in out. */
function addWindows(list: usize, end: usize, from: usize, out: usize, to: usize): void {
  const pairs = runPairs();
  if (pairs == 1) {
    combine(list, end, 0, from, out, to, K, true);
    return;
  }
  for (let r: usize = 0; r < <usize>K; r++) combine(list, end, r * from, 32, out + r * to, 32, pairs, true);
}

/** dw [k, k, c, n] = sum over images and windows of window x dy. */
export function directWeights(x: usize, dy: usize, dw: usize, batch: i32, scratch: usize): void {
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
  if (padded) memory.fill(buffer, 0, <usize>(PH * PW * C) << 2);
  for (let i = 0; i < batch; i++) {
    if (padded) frame(x, buffer, H, W, C, PH, PW, P);
    packB(dy, packed, OH * OW, N, <usize>N << 2);
    gemm(padded ? buffer : x, scratch, rows, packed, N, dw, offC, 0, i ? ADD : 0, false);
    x += <usize>(H * W * C) << 2;
    dy += <usize>(OH * OW * N) << 2;
  }
}

/** Per output channel, the windows whose gradient is not zero are gathered over a few images, then added up. */
export function sparseWeights(x: usize, dy: usize, dw: usize, batch: i32, scratch: usize): void {
  const windows = OH * OW;
  const image = <usize>(H * W * C) << 2;
  const framed = <usize>(PH * PW * C) << 2;
  const run = <usize>runPairs() << 5;
  const row = <usize>K * run;
  const group = groupSize();
  // Window table, dw transposed [n, k, run], ends of the lists, lists, frames.
  const sums = windowTable(scratch);
  const ends = sums + <usize>N * row;
  const lists = (ends + (<usize>N << 2) + 15) & ~15;
  const room = <usize>(group * windows + 1) << 3;
  const frames = lists + <usize>N * room;
  memory.fill(sums, 0, <usize>N * row);
  if (padded) memory.fill(frames, 0, <usize>group * framed);
  for (let first = 0; first < batch; first += group) {
    for (let n = 0; n < N; n++) store<u32>(ends + (<usize>n << 2), <u32>(lists + <usize>n * room));
    for (let i = 0; i < min(group, batch - first); i++) {
      let source = x;
      if (padded) {
        source = frames + <usize>i * framed;
        frame(x, source, H, W, C, PH, PW, P);
      }
      listWindows(dy, source, scratch, ends);
      x += image;
      dy += <usize>(windows * N) << 2;
    }
    for (let n: usize = 0; n < <usize>N; n++) {
      addWindows(lists + n * room, load<u32>(ends + (n << 2)), <usize>(PW * C) << 2, sums + n * row, run);
    }
  }
  for (let r: usize = 0; r < <usize>K; r++) {
    transpose(sums + r * run, dw + ((r * <usize>(K * C * N)) << 2), N, K * C, row, <usize>N << 2);
  }
}

/** Images whose pixels and lists stay in the first cache together. */
function groupSize(): i32 {
  return min(16, max(1, 24576 / ((PH * PW * C) << 2)));
}

/** Appends each gradient of one image that is not zero, with its window, to the list of its channel. */
function listWindows(dy: usize, source: usize, table: usize, ends: usize): void {
  for (let p = 0; p < OH * OW; p++) {
    const window = <u32>source + load<u32>(table + (<usize>p << 2));
    for (let n: usize = 0; n < <usize>N; n++) {
      const v = load<f32>(dy + (n << 2));
      const end = load<u32>(ends + (n << 2));
      store<u32>(end, window);
      store<f32>(end, v, 4);
      store<u32>(ends + (n << 2), end + (<u32>(v != 0) << 3));
    }
    dy += <usize>N << 2;
  }
}

/** Per window, the channels whose gradient is not zero, times their kernels [n, k, run]. */
export function sparseInput(dy: usize, w: usize, dx: usize, batch: i32, scratch: usize): void {
  const windows = OH * OW;
  const image = <usize>(H * W * C) << 2;
  const run = <usize>runPairs() << 5;
  const row = <usize>K * run;
  const jump = <usize>(PW * C) << 2;
  const kernels = windowTable(scratch);
  const list = kernels + <usize>N * row;
  const buffer = (list + (<usize>(N + 1) << 3) + 15) & ~15;
  // Lanes beyond a run must add nothing to its neighbours.
  memory.fill(kernels, 0, <usize>N * row);
  for (let r: usize = 0; r < <usize>K; r++) {
    transpose(w + ((r * <usize>(K * C * N)) << 2), kernels + r * run, K * C, N, <usize>N << 2, row);
  }
  for (let i = 0; i < batch; i++) {
    const target = padded ? buffer : dx;
    memory.fill(target, 0, padded ? <usize>(PH * PW * C) << 2 : image);
    for (let p = 0; p < windows; p++) {
      const end = listRow(dy, N, kernels, row, list);
      const out = target + load<u32>(scratch + (<usize>p << 2));
      if (end > list) addWindows(list, end, run, out, jump);
      dy += <usize>N << 2;
    }
    if (padded) unframe(buffer, dx);
    dx += image;
  }
}

/**
 * dx [batch, h, w, c]: dy * transpose(w), each window's run added straight into the image. Runs of one tile
 * overlap; its rows are added one after the other, so nothing is lost.
 */
export function directInput(dy: usize, w: usize, dx: usize, batch: i32, scratch: usize): void {
  const run = K * C;
  const offA = windowTable(scratch);
  const packed = rowTable(offA, OH * OW, <usize>N << 2);
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

/** Scratch bytes that any of these needs for the shape set last. */
export function directScratch(): usize {
  const windows = OH * OW;
  const tables = <usize>max(windows, K * K * C) * 8 + 64;
  const framed = <usize>(PH * PW * C) << 2;
  const packs = max(packedBytes(windows, N), <usize>K * packedBytes(N, K * C)) + framed;
  const kernels = <usize>(N * K * runPairs()) << 5;
  const group = <usize>groupSize();
  const lists = <usize>N * ((group * <usize>windows + 1) * 8 + 12) + group * framed;
  return tables + max(packs, kernels + lists) + 256;
}
