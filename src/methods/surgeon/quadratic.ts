/**
 * What Optimal Brain Surgeon knows of an error: around the weights it is a quadratic form, E = 1/2 dᵀ H d for a
 * change d. From it follow what each weight costs and the best that the others can do about weights that go.
 */
import type { Work } from '../types';
import { factor, forward, inverse, inverseFactor, roomFor, solve } from './cholesky';

/**
 * Share of the mean diagonal that is added to the diagonal (as GPTQ and SparseGPT have it): H of a few images has no
 * inverse, and inputs that are zero in all of them would give weights any value. It also says that a change of a
 * weight is not free where the images are silent about it.
 */
export const DAMPING = 0.01;

/** What is added to this diagonal: also where no image says anything, so that all weights are alike then. */
export function dampingOf(diagonal: readonly number[]): number {
  const mean = diagonal.reduce((sum, x) => sum + x, 0) / diagonal.length;
  return mean > 0 ? DAMPING * mean : 1;
}

/** Which weights a problem is about: 1 = may be there. Absent: all. */
export type Presence = Uint8Array | undefined;

export class Quadratic {
  /** What has been added to the diagonal. */
  readonly damping: number;
  /** Places whose row of H is not zero; the others are tied to nothing. */
  readonly #tied: Int32Array;
  /** Position in the inverse of each place. */
  readonly #place: Int32Array;
  /** Order of the inverse. */
  readonly #room: number;
  readonly #matrix: Float64Array;
  readonly #offset: number;
  #inverse: Float64Array | undefined;
  readonly #diagonals = new Map<string, Float64Array>();

  /**
   * @param matrix H [size, size] without damping, from `offset` on
   * @param order places that are used: the first `order` of `size`
   */
  constructor(
    matrix: Float64Array,
    readonly size: number,
    readonly order: number,
    offset = 0,
  ) {
    this.#matrix = matrix;
    this.#offset = offset;
    const diagonal = Array.from({ length: order }, (_, i) => matrix[offset + i * size + i]);
    this.damping = dampingOf(diagonal);
    this.#tied = Int32Array.from(diagonal.keys()).filter((i) => diagonal[i] !== 0);
    this.#room = roomFor(this.#tied.length);
    this.#place = new Int32Array(order).fill(-1);
    this.#tied.forEach((i, r) => {
      this.#place[i] = r;
    });
  }

  /**
   * Diagonal of the inverse of H without the rows and columns of weights that are not there, [order]; 0 at those.
   * A weight q costs w_q² / (2 [H⁻¹]_qq).
   */
  *diagonal(there: Presence): Work<Float64Array> {
    const key = there ? keyOf(there) : '';
    const known = this.#diagonals.get(key);
    if (known) return known;
    const out = new Float64Array(this.order);
    for (let i = 0; i < this.order; i++) out[i] = there && there[i] === 0 ? 0 : 1 / this.damping;
    const [inside, outside] = this.#split(there);
    const [m, g] = [inside.length, outside.length];
    if (m === 0) return out;
    // Multiply-adds either way; the inverse of the whole is at hand or will be asked for at the next position.
    if (g ** 3 / 6 + (m * g * g) / 2 < m ** 3 / 3) yield* this.#byOutside(inside, outside, out);
    else {
      const a = this.#part(inside);
      const n = roomFor(m);
      yield* factor(a, n);
      const u = yield* inverseFactor(a, n);
      for (let r = 0; r < m; r++) out[inside[r]] = sumOfSquares(u, r * n + r, (r + 1) * n);
    }
    this.#diagonals.set(key, out);
    if (this.#diagonals.size > KEPT) this.#diagonals.delete(this.#diagonals.keys().next().value as string);
    return out;
  }

  /** [H⁻¹]_qq - |L⁻¹ [H⁻¹]_Oq|² with L Lᵀ = [H⁻¹]_OO: the inverse of a part from the inverse of the whole. */
  *#byOutside(inside: Int32Array, outside: Int32Array, out: Float64Array): Work<void> {
    const { b, l, g, at } = yield* this.#outside(outside);
    const rows = new Float64Array(roomFor(inside.length) * g);
    for (const [r, q] of inside.entries()) {
      for (let c = 0; c < at.length; c++) rows[r * g + c] = b[this.#place[q] * this.#room + at[c]];
    }
    yield* forward(l, g, rows);
    for (const [r, q] of inside.entries()) {
      out[q] = b[this.#place[q] * (this.#room + 1)] - sumOfSquares(rows, r * g, (r + 1) * g);
    }
  }

  /** The inverse of the whole, the Cholesky factor of its part for places that are not there, and where they are. */
  *#outside(outside: Int32Array) {
    const b = yield* this.#whole();
    const g = roomFor(outside.length);
    const at = outside.map((i) => this.#place[i]);
    const l = new Float64Array(g * g);
    for (let r = 0; r < g; r++) {
      if (r >= at.length) l[r * g + r] = 1;
      else for (let c = 0; c <= r; c++) l[r * g + c] = b[at[r] * this.#room + at[c]];
    }
    yield* factor(l, g);
    return { b, l, g, at };
  }

  /**
   * The best change of the weights that stay when others go, d with d_i = -w_i at those: the least 1/2 dᵀ H d, exact.
   * @param weights [order]; 0 at those that have gone before
   * @param kept 1 = stays; weights that are 0 in `weights` and here stay out of it
   * @returns [order]; 0 at all that do not stay
   */
  *change(weights: ArrayLike<number>, kept: Uint8Array): Work<Float64Array> {
    const [change] = yield* this.changes([weights], kept);
    return change;
  }

  /** The same for several sets of weights of which the same ones stay: the system is factorized once. */
  *changes(columns: readonly ArrayLike<number>[], kept: Uint8Array): Work<Float64Array[]> {
    const [inside, outside] = this.#split(kept);
    const out = columns.map(() => new Float64Array(this.order));
    if (inside.length === 0 || outside.length === 0) return out;
    if (inside.length <= outside.length) yield* this.#changeInside(columns, inside, outside, out);
    else yield* this.#changeOutside(columns, inside, outside, out);
    return out;
  }

  /** d_K = H_KK⁻¹ H_KP w_P: as many unknowns as weights stay. */
  *#changeInside(
    columns: readonly ArrayLike<number>[],
    inside: Int32Array,
    outside: Int32Array,
    out: Float64Array[],
  ): Work<void> {
    const m = roomFor(inside.length);
    const l = this.#part(inside);
    yield* factor(l, m);
    const x = new Float64Array(m);
    for (const [c, weights] of columns.entries()) {
      for (let r = 0; r < inside.length; r++) {
        const row = this.#offset + inside[r] * this.size;
        let sum = 0;
        for (const p of outside) sum += this.#matrix[row + p] * weights[p];
        x[r] = sum;
      }
      solve(l, m, x);
      for (let r = 0; r < inside.length; r++) out[c][inside[r]] = x[r];
      yield;
    }
  }

  /** d = -[H⁻¹]_:P ([H⁻¹]_PP)⁻¹ w_P: as many unknowns as weights go. */
  *#changeOutside(
    columns: readonly ArrayLike<number>[],
    inside: Int32Array,
    outside: Int32Array,
    out: Float64Array[],
  ): Work<void> {
    const { b, l, g, at } = yield* this.#outside(outside);
    const x = new Float64Array(g);
    for (const [c, weights] of columns.entries()) {
      for (let r = 0; r < g; r++) x[r] = r < outside.length ? weights[outside[r]] : 0;
      solve(l, g, x);
      for (const i of inside) {
        const row = this.#place[i] * this.#room;
        let sum = 0;
        for (let r = 0; r < at.length; r++) sum -= b[row + at[r]] * x[r];
        out[c][i] = sum;
      }
      yield;
    }
  }

  /** Inverse of damped H over the tied places, in `room`, made once. */
  *#whole(): Work<Float64Array> {
    this.#inverse ??= yield* inverse(this.#part(this.#tied), this.#room);
    return this.#inverse;
  }
  /** Damped H over some places, in the room for them. */
  #part(places: Int32Array): Float64Array {
    const n = roomFor(places.length);
    const out = new Float64Array(n * n);
    for (let r = 0; r < n; r++) {
      if (r >= places.length) {
        out[r * n + r] = 1;
        continue;
      }
      const row = this.#offset + places[r] * this.size;
      for (let c = 0; c < places.length; c++) out[r * n + c] = this.#matrix[row + places[c]];
      out[r * n + r] += this.damping;
    }
    return out;
  }
  /** Tied places that are there, and tied places that are not. */
  #split(there: Presence): [inside: Int32Array, outside: Int32Array] {
    if (!there) return [this.#tied, new Int32Array(0)];
    return [this.#tied.filter((i) => there[i] === 1), this.#tied.filter((i) => there[i] === 0)];
  }
}
/** Diagonals kept: one per distinct mask of an output, as many as the widest layers have. */
const KEPT = 4096;

/** Equal exactly for equal sets. */
export function keyOf(there: Uint8Array): string {
  const codes = new Uint16Array(Math.ceil(there.length / 15));
  for (let i = 0; i < there.length; i++) codes[Math.floor(i / 15)] |= there[i] << (i % 15);
  return Array.from(codes, (c) => String.fromCharCode(c)).join('');
}

function sumOfSquares(a: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += a[i] * a[i];
  return sum;
}
