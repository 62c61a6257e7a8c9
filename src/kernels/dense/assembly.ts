/** Dense layers: x [batch, in], w [in, out], y [batch, out]. */
import { gemm, setWalk } from '../simd/assembly/gemm';
import { GO_ON, RELU } from '../simd/assembly/micro';
import { packB, packBTransposed, packedBytes, transpose, transposeFar } from '../simd/assembly/pack';
import { BLOCK, combineBlock, countNonzero, listRow } from '../simd/assembly/sparse';
import { madd, relu as clip } from '../simd/assembly/vec';

/** Batches up to this go row by row through w itself: packed tiles would be mostly empty. */
const SMALL: i32 = 4;

/** Columns of x, rows of dw, at a time. */
const COLUMNS: i32 = 32;

/** Whether enough of x is zero for skipping zeros to pay. */
function mostlyZero(x: usize, n: i32): bool {
  return countNonzero(x, n) < n >> 1;
}

/** Table of i * stride for i < n; returns where it ends. */
function offsets(table: usize, n: i32, stride: usize): usize {
  for (let i = 0; i < n; i++) store<u32>(table + (<usize>i << 2), <u32>(<usize>i * stride));
  return (table + (<usize>n << 2) + 15) & ~15;
}

/** Bytes of w that are packed and multiplied at a time, to stay in the second cache. */
const STRIP: i32 = 196608;

/** Rows of w per strip. A strip's sums wait in y, which takes whole vectors. */
function stripRows(inn: i32, out: i32): i32 {
  const rows = max(64, STRIP / (out << 2) & ~3);
  return inn > rows + (rows >> 1) && (out & 3) == 0 ? rows : inn;
}

export function denseForward(
  x: usize, w: usize, bias: usize, y: usize, batch: i32, inn: i32, out: i32, relu: i32, scratch: usize,
): void {
  if (batch <= SMALL) {
    for (let i = 0; i < batch; i++) {
      gemv(x + (<usize>(i * inn) << 2), w, bias, y + (<usize>(i * out) << 2), inn, out, relu);
    }
  } else if (mostlyZero(x, batch * inn)) {
    forwardNonzero(x, w, bias, y, batch, inn, out, relu, scratch);
  } else {
    forwardStrips(x, w, bias, y, batch, inn, out, relu, scratch);
  }
}

function forwardStrips(
  x: usize, w: usize, bias: usize, y: usize, batch: i32, inn: i32, out: i32, relu: i32, scratch: usize,
): void {
  const strip = stripRows(inn, out);
  const ld = <usize>out << 2;
  const offC = offsets(scratch, batch, <usize>strip << 2);
  const packed = offsets(offC, batch, ld);
  const part = packed + packedBytes(strip, out);
  for (let k = 0; k < inn; k += strip) {
    const rows = min(strip, inn - k);
    const last = k + rows == inn;
    packB(w + <usize>k * ld, packed, rows, out, ld);
    if (strip < inn) copyColumns(x + (<usize>k << 2), part, batch, rows, <usize>inn << 2, <usize>strip << 2);
    setWalk(0, 1, rows, 0);
    const mode = (k ? GO_ON : 0) | (last && relu ? RELU : 0);
    gemm(strip < inn ? part : x, scratch, batch, packed, out, y, offC, last ? bias : 0, mode, false);
  }
}

/** Columns of x side by side: rows a power of two apart would fall into the same few sets of the cache. */
function copyColumns(x: usize, to: usize, rows: i32, columns: i32, from: usize, step: usize): void {
  for (let i = 0; i < rows; i++) {
    memory.copy(to, x, <usize>columns << 2);
    x += from;
    to += step;
  }
}

/** dw [in, out] = transpose(x) * dy, a few columns of x at a time: turned around, they stay in the first cache. */
export function denseBackwardWeights(
  x: usize, dy: usize, dw: usize, batch: i32, inn: i32, out: i32, scratch: usize,
): void {
  const ld = <usize>out << 2, row = <usize>batch << 2;
  const offC = offsets(scratch, COLUMNS, row);
  const xt = offsets(offC, COLUMNS, ld);
  const rest = (xt + <usize>COLUMNS * row + 15) & ~15;
  const sparse = mostlyZero(x, batch * inn);
  if (!sparse) packB(dy, rest, batch, out, ld);
  setWalk(0, 1, batch, 0);
  for (let k = 0; k < inn; k += COLUMNS) {
    const columns = min(COLUMNS, inn - k);
    const strip = dw + <usize>k * ld;
    transpose(x + (<usize>k << 2), xt, batch, columns, <usize>inn << 2, row);
    if (sparse) weightsNonzero(xt, dy, strip, batch, columns, out, rest);
    else gemm(xt, scratch, columns, rest, out, strip, offC, 0, 0, false);
  }
}

/** Columns outermost, so that a strip of w stays in the cache for all images. */
function forwardNonzero(
  x: usize, w: usize, bias: usize, y: usize, batch: i32, inn: i32, out: i32, relu: i32, scratch: usize,
): void {
  const ld = <usize>out << 2;
  let end = (scratch + (<usize>(batch + 1) << 2) + 15) & ~15;
  for (let i = 0; i < batch; i++) {
    store<u32>(scratch + (<usize>i << 2), <u32>end);
    end = listRow(x + (<usize>(i * inn) << 2), inn, w, ld, end);
  }
  store<u32>(scratch + (<usize>batch << 2), <u32>end);
  for (let j = 0; j < out; j += BLOCK) {
    const col = <usize>j << 2;
    for (let i = 0; i < batch; i++) {
      const at = scratch + (<usize>i << 2);
      combineBlock(load<u32>(at), load<u32>(at, 4), col, y + <usize>i * ld + col, min(BLOCK, out - j));
    }
  }
  for (let i = 0; i < batch; i++) finishRow(y + <usize>i * ld, bias, ld, relu);
}

function weightsNonzero(
  xt: usize, dy: usize, dw: usize, batch: i32, inn: i32, out: i32, list: usize,
): void {
  const ld = <usize>out << 2;
  for (let k = 0; k < inn; k++) {
    const end = listRow(xt, batch, dy, ld, list);
    if (end == list) {
      memory.fill(dw, 0, ld);
    } else {
      for (let j = 0; j < out; j += BLOCK) {
        const col = <usize>j << 2;
        combineBlock(list, end, col, dw + col, min(BLOCK, out - j));
      }
    }
    xt += <usize>batch << 2;
    dw += ld;
  }
}

/** Rows of w per strip of the gradient of the input: they and a panel of dy stay in the first cache. */
const FEW: i32 = 16;

/** dx [batch, in] = dy * transpose(w), strip by strip as transpose(w * transpose(dy)): w is read as it lies. */
export function denseBackwardInput(
  dy: usize, w: usize, dx: usize, batch: i32, inn: i32, out: i32, scratch: usize,
): void {
  const wide = (batch + 3) & ~3;
  const row = <usize>wide << 2;
  const offC = offsets(scratch, FEW, <usize>out << 2);
  const strip = offsets(offC, FEW, row);
  const packed = strip + <usize>FEW * row;
  packBTransposed(dy, packed, out, batch, <usize>out << 2);
  setWalk(0, 1, out, 0);
  for (let k = 0; k < inn; k += FEW) {
    const rows = min(FEW, inn - k);
    gemm(w + (<usize>(k * out) << 2), scratch, rows, packed, wide, strip, offC, 0, 0, false);
    transposeFar(strip, dx + (<usize>k << 2), rows, batch, row, <usize>inn << 2);
  }
}

/** db [n] = sum of the rows of dy [rows, n]. */
export function biasGrad(dy: usize, db: usize, rows: i32, n: i32): void {
  const ld = <usize>n << 2;
  let j = 0;
  for (; j + 16 <= n; j += 16) sumColumns16(dy + (<usize>j << 2), db + (<usize>j << 2), rows, ld);
  for (; j + 4 <= n; j += 4) sumColumns4(dy + (<usize>j << 2), db + (<usize>j << 2), rows, ld);
  for (; j < n; j++) {
    let s: f32 = 0;
    for (let i = 0; i < rows; i++) s += load<f32>(dy + <usize>i * ld + (<usize>j << 2));
    store<f32>(db + (<usize>j << 2), s);
  }
}

/** A line of the cache at a time: what is read once need not be read again. Two sums each, to wait less. */
function sumColumns16(p: usize, to: usize, rows: i32, ld: usize): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
  let i = 0;
  for (; i + 2 <= rows; i += 2) {
    s0 = f32x4.add(s0, v128.load(p)); s1 = f32x4.add(s1, v128.load(p, 16));
    s2 = f32x4.add(s2, v128.load(p, 32)); s3 = f32x4.add(s3, v128.load(p, 48));
    p += ld;
    t0 = f32x4.add(t0, v128.load(p)); t1 = f32x4.add(t1, v128.load(p, 16));
    t2 = f32x4.add(t2, v128.load(p, 32)); t3 = f32x4.add(t3, v128.load(p, 48));
    p += ld;
  }
  if (i < rows) {
    s0 = f32x4.add(s0, v128.load(p)); s1 = f32x4.add(s1, v128.load(p, 16));
    s2 = f32x4.add(s2, v128.load(p, 32)); s3 = f32x4.add(s3, v128.load(p, 48));
  }
  v128.store(to, f32x4.add(s0, t0)); v128.store(to, f32x4.add(s1, t1), 16);
  v128.store(to, f32x4.add(s2, t2), 32); v128.store(to, f32x4.add(s3, t3), 48);
}

function sumColumns4(p: usize, to: usize, rows: i32, ld: usize): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    s0 = f32x4.add(s0, v128.load(p)); p += ld;
    s1 = f32x4.add(s1, v128.load(p)); p += ld;
    s2 = f32x4.add(s2, v128.load(p)); p += ld;
    s3 = f32x4.add(s3, v128.load(p)); p += ld;
  }
  for (; i < rows; i++) {
    s0 = f32x4.add(s0, v128.load(p));
    p += ld;
  }
  v128.store(to, f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
}

/** dy = y > 0 or NaN ? dy : 0, in place. */
export function reluBackward(dy: usize, y: usize, n: i32): void {
  const zero = f32x4.splat(0);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    v128.store(dy, v128.andnot(v128.load(dy), f32x4.le(v128.load(y), zero)));
    dy += 16;
    y += 16;
  }
  for (; i < n; i++) {
    if (load<f32>(y) <= 0) store<f32>(dy, 0);
    dy += 4;
    y += 4;
  }
}

/** y [out] = x [in] * w: eight rows of w at a time, all read in order of memory. */
function gemv(x: usize, w: usize, bias: usize, y: usize, inn: i32, out: i32, relu: i32): void {
  const ld = <usize>out << 2;
  memory.fill(y, 0, ld);
  let k = 0;
  for (; k + 8 <= inn; k += 8) {
    const x0 = v128.load32_splat(x), x1 = v128.load32_splat(x, 4), x2 = v128.load32_splat(x, 8), x3 = v128.load32_splat(x, 12);
    const x4 = v128.load32_splat(x, 16), x5 = v128.load32_splat(x, 20), x6 = v128.load32_splat(x, 24), x7 = v128.load32_splat(x, 28);
    let w0 = w, w1 = w0 + ld, w2 = w1 + ld, w3 = w2 + ld, w4 = w3 + ld, w5 = w4 + ld, w6 = w5 + ld, w7 = w6 + ld;
    let j: usize = 0;
    for (; j + 16 <= ld; j += 16) {
      let s = v128.load(y + j);
      s = madd(x0, v128.load(w0 + j), s); s = madd(x1, v128.load(w1 + j), s);
      s = madd(x2, v128.load(w2 + j), s); s = madd(x3, v128.load(w3 + j), s);
      s = madd(x4, v128.load(w4 + j), s); s = madd(x5, v128.load(w5 + j), s);
      s = madd(x6, v128.load(w6 + j), s); s = madd(x7, v128.load(w7 + j), s);
      v128.store(y + j, s);
    }
    for (; j < ld; j += 4) {
      let s = v128.load32_zero(y + j);
      s = madd(x0, v128.load32_zero(w0 + j), s); s = madd(x1, v128.load32_zero(w1 + j), s);
      s = madd(x2, v128.load32_zero(w2 + j), s); s = madd(x3, v128.load32_zero(w3 + j), s);
      s = madd(x4, v128.load32_zero(w4 + j), s); s = madd(x5, v128.load32_zero(w5 + j), s);
      s = madd(x6, v128.load32_zero(w6 + j), s); s = madd(x7, v128.load32_zero(w7 + j), s);
      store<f32>(y + j, f32x4.extract_lane(s, 0));
    }
    x += 32;
    w = w7 + ld;
  }
  for (; k < inn; k++) {
    const x0 = v128.load32_splat(x);
    for (let j: usize = 0; j < ld; j += 4) {
      store<f32>(y + j, f32x4.extract_lane(madd(x0, v128.load32_zero(w + j), v128.load32_zero(y + j)), 0));
    }
    x += 4;
    w += ld;
  }
  finishRow(y, bias, ld, relu);
}

/** y = relu?(y + bias) over a row of `bytes`. */
function finishRow(y: usize, bias: usize, bytes: usize, relu: i32): void {
  let j: usize = 0;
  for (; j + 16 <= bytes; j += 16) {
    let s = v128.load(y + j);
    s = f32x4.add(s, bias ? v128.load(bias + j) : f32x4.splat(0));
    v128.store(y + j, relu ? clip(s) : s);
  }
  for (; j < bytes; j += 4) {
    let s = v128.load32_zero(y + j);
    s = f32x4.add(s, bias ? v128.load32_zero(bias + j) : f32x4.splat(0));
    store<f32>(y + j, f32x4.extract_lane(relu ? clip(s) : s, 0));
  }
}

/** Scratch bytes that any dense op of this size needs. */
export function denseScratch(batch: i32, inn: i32, out: i32): usize {
  const tables = <usize>max(batch, COLUMNS) * 20 + 64;
  const lists = <usize>(inn * batch) << 3;
  const strips = packedBytes(stripRows(inn, out), out) + (<usize>(batch * stripRows(inn, out)) << 2);
  const transposed = (<usize>(COLUMNS * batch) << 2) + max(packedBytes(batch, out), <usize>(batch + 1) << 3);
  const gradient = packedBytes(out, batch) + (<usize>(FEW * (batch + 3)) << 2);
  return tables + max(max(lists, strips), max(transposed, gradient)) + 256;
}
