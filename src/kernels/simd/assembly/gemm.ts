/**
 * C[m, n] = A * B over register tiles. Rows of A and C are found through tables of byte offsets, so a
 * row may be a row of a matrix, a window of an image or a column: `a + load(offA + 4 i)`.
 */
import { ADD, RELU, rows12, rows4, rows8, strided12, strided4, strided8 } from './micro';

/** One 4x12 tile for ragged edges, and 12 zeros that stand for "no bias". */
const TILE: usize = memory.data(192, 16);
const ZEROS: usize = memory.data(48, 16);

/** How A is walked: `segs` runs of `len` elements, `step` bytes apart (0: adjacent floats), `jump` bytes between runs. */
let step: usize, segs: i32, len: i32, jump: usize;

export function setWalk(stepBytes: usize, runs: i32, length: i32, jumpBytes: usize): void {
  step = stepBytes;
  segs = runs;
  len = length;
  jump = jumpBytes;
}

/**
 * `b` packed (see pack.ts) with segs * len rows; `bias` 0 for none. `rowsOuter` keeps a strip of A in the
 * cache instead of a panel of B: better where A is tall and K short.
 */
export function gemm(
  a: usize, offA: usize, m: i32, b: usize, n: i32, c: usize, offC: usize, bias: usize, mode: i32, rowsOuter: bool,
): void {
  const panel = <usize>(segs * len) * 48;
  if (rowsOuter) {
    for (let i = 0; i < m; i += 4) {
      let p = b;
      for (let j = 0; j < n; j += 12) {
        tile(a, offA, i, m, p, j, n, c, offC, bias, mode);
        p += panel;
      }
    }
  } else {
    for (let j = 0; j < n; j += 12) {
      for (let i = 0; i < m; i += 4) tile(a, offA, i, m, b, j, n, c, offC, bias, mode);
      b += panel;
    }
  }
}

// @ts-ignore: decorator
@inline
function at(base: usize, table: usize, i: i32): usize {
  return base + load<u32>(table + (<usize>i << 2));
}

// @ts-ignore: decorator
@inline
function tile(
  a: usize, offA: usize, i: i32, m: i32, b: usize, j: i32, n: i32, c: usize, offC: usize, bias: usize, mode: i32,
): void {
  const last = m - 1;
  const i1 = min(i + 1, last), i2 = min(i + 2, last), i3 = min(i + 3, last);
  const a0 = at(a, offA, i), a1 = at(a, offA, i1), a2 = at(a, offA, i2), a3 = at(a, offA, i3);
  const col = <usize>j << 2;
  const bp = bias ? bias + col : ZEROS;
  const w = n - j;
  const width = w >= 12 ? 12 : (w + 3) & ~3;
  if (w >= width) {
    const c0 = at(c, offC, i) + col;
    const c1 = i + 1 <= last ? at(c, offC, i1) + col : TILE;
    const c2 = i + 2 <= last ? at(c, offC, i2) + col : TILE;
    const c3 = i + 3 <= last ? at(c, offC, i3) + col : TILE;
    micro(width, a0, a1, a2, a3, b, c0, c1, c2, c3, bp, mode);
  } else {
    micro(width, a0, a1, a2, a3, b, TILE, TILE + 48, TILE + 96, TILE + 144, bp, 0);
    const rows = min(4, m - i);
    for (let r = 0; r < rows; r++) spill(TILE + <usize>r * 48, at(c, offC, i + r) + col, w, mode);
  }
}

// @ts-ignore: decorator
@inline
function micro(
  width: i32, a0: usize, a1: usize, a2: usize, a3: usize, b: usize,
  c0: usize, c1: usize, c2: usize, c3: usize, bias: usize, mode: i32,
): void {
  if (step) {
    if (width == 12) strided12(a0, a1, a2, a3, step, segs, len, jump, b, c0, c1, c2, c3, bias, mode);
    else if (width == 8) strided8(a0, a1, a2, a3, step, segs, len, jump, b, c0, c1, c2, c3, bias, mode);
    else strided4(a0, a1, a2, a3, step, segs, len, jump, b, c0, c1, c2, c3, bias, mode);
  } else {
    if (width == 12) rows12(a0, a1, a2, a3, segs, len, jump, b, c0, c1, c2, c3, bias, mode);
    else if (width == 8) rows8(a0, a1, a2, a3, segs, len, jump, b, c0, c1, c2, c3, bias, mode);
    else rows4(a0, a1, a2, a3, segs, len, jump, b, c0, c1, c2, c3, bias, mode);
  }
}

function spill(t: usize, c: usize, w: i32, mode: i32): void {
  for (let l: usize = 0; l < <usize>w; l++) {
    let v = load<f32>(t + (l << 2));
    if (mode & ADD) v = load<f32>(c + (l << 2)) + v;
    if (mode & RELU) v = v < 0 ? 0 : v;
    store<f32>(c + (l << 2), v);
  }
}
