/**
 * Axes as data. Charts hand recharts plain linear numbers (`to(value)`) and explicit ticks, so that a
 * stretched axis needs no support from the chart library and the same function serves test, table and plot.
 */
export interface AxisScale {
  /** Value in its own unit to position on the axis (monotone). */
  to(value: number): number;
  /** Ends of the axis as positions. */
  domain: [number, number];
  /** Tick values in their own unit, ascending in position. */
  ticks: number[];
  /** True when equal distances do not mean equal differences. */
  stretched: boolean;
}

/** Step of 1, 2 or 5 times a power of ten that gives at most `most` intervals over `span`. */
export function niceStep(span: number, most: number): number {
  const raw = span / most;
  const power = 10 ** Math.floor(Math.log10(raw));
  const of = [1, 2, 5, 10].find((m) => m * power >= raw * (1 - 1e-9)) ?? 10;
  return of * power;
}
/** Round ticks that enclose [low, high]; a range of zero is widened around its value. */
export function niceTicks(low: number, high: number, most = 5): number[] {
  if (!(high > low)) return niceTicks(low - 0.5, low + 0.5, most);
  const step = niceStep(high - low, most);
  const from = Math.floor(low / step + 1e-9);
  const upTo = Math.ceil(high / step - 1e-9);
  return Array.from({ length: upTo - from + 1 }, (_, i) => Number(((from + i) * step).toPrecision(12)));
}
export function linearScale(values: readonly number[], most = 5): AxisScale {
  const { low, high } = extent(values, 0, 1);
  const ticks = niceTicks(low, high, most);
  return { to: (v) => v, domain: [ticks[0], ticks[ticks.length - 1]], ticks, stretched: false };
}

const TAIL = 0.01;
const SPARSITY_TICKS = [0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999];
/** Sparsity with room near 1: position = -log(1 - s + 0.01), from 0 to at least 95 %. */
export function tailScale(values: readonly number[]): AxisScale {
  const to = (s: number) => -Math.log(1 - Math.min(1, Math.max(0, s)) + TAIL) + Math.log(1 + TAIL);
  const high = Math.max(0.95, extent(values, 0, 0).high);
  return {
    to,
    domain: [0, to(high) * 1.02],
    ticks: SPARSITY_TICKS.filter((t) => t <= high + 1e-9),
    stretched: true,
  };
}

const ACCURACY_TICKS = [0, 0.1, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1];
const WIDE = 0.15;
/**
 * Accuracies: linear with round ticks while they lie within 15 points; beyond that stretched towards
 * 100 %, or a collapse to chance would flatten everything one came to see.
 */
export function accuracyScale(values: readonly number[]): AxisScale {
  const { low, high } = extent(values, 0.9, 1);
  if (high - low <= WIDE) {
    const pad = Math.max(0, 0.005 - (high - low)) / 2;
    const ticks = niceTicks(Math.max(0, low - pad), Math.min(1, high + pad), 5);
    return { to: (v) => v, domain: [ticks[0], ticks[ticks.length - 1]], ticks, stretched: false };
  }
  const to = (a: number) => -Math.log(1.005 - Math.min(1, Math.max(0, a)));
  const from = [...ACCURACY_TICKS].reverse().find((t) => t <= low + 1e-9) ?? 0;
  const upTo = ACCURACY_TICKS.find((t) => t >= high - 1e-9) ?? 1;
  return {
    to,
    domain: [to(from), to(upTo)],
    ticks: ACCURACY_TICKS.filter((t) => t >= from && t <= upTo),
    stretched: true,
  };
}

/** Accuracy below the best that is as far from it as the eye needs: a third of a point. */
const NEAR_TOP = 0.003;
const TOP_STEPS = [0.5, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];
/**
 * Accuracies by what they lack of the best among them, logarithmic: half a point is as easy to see as half of all. For
 * searches, whose settings reach from collapse to the dense network.
 */
export function topScale(values: readonly number[]): AxisScale {
  const { low, high } = extent(values, 0.9, 1);
  const to = (a: number) => -Math.log(high + NEAR_TOP - Math.min(high, a));
  const [from, upTo] = [to(Math.min(low, high - 0.01)), to(high)];
  const pad = (upTo - from) * 0.03;
  const ticks: number[] = [];
  for (const step of TOP_STEPS) {
    for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9; i++) {
      const tick = Number((i * step).toPrecision(6));
      if (ticks.every((t) => Math.abs(to(t) - to(tick)) > (upTo - from) / 8)) ticks.push(tick);
    }
  }
  return { to, domain: [from - pad, upTo + pad], ticks: ticks.sort((a, b) => a - b), stretched: true };
}

/** Logarithmic axis; `floor` and `ceiling` are always on it. Values that are not positive are ignored. */
export function logScale(values: readonly number[], floor: number, ceiling: number): AxisScale {
  const { low, high } = extent(
    values.filter((v) => v > 0),
    floor,
    ceiling,
  );
  const ends = [Math.min(low, floor), Math.max(high, ceiling)];
  const decades = Math.log10(ends[1] / ends[0]);
  const of =
    decades <= 0.7 ? [1, 1.5, 2, 3, 4, 5, 7] : decades <= 1.4 ? [1, 2, 5] : decades <= 3.5 ? [1, 3] : [1];
  const ticks: number[] = [];
  for (let p = Math.floor(Math.log10(ends[0])); p <= Math.ceil(Math.log10(ends[1])); p++)
    for (const m of of) ticks.push(Number((m * 10 ** p).toPrecision(6)));
  return {
    to: Math.log10,
    domain: [Math.log10(ends[0]), Math.log10(ends[1])],
    ticks: ticks.filter((t) => t >= ends[0] * (1 - 1e-9) && t <= ends[1] * (1 + 1e-9)),
    stretched: true,
  };
}
/** Weights remaining, 100 % on the left, logarithmic, with ticks where rounds are and no two too close. */
export function remainingScale(values: readonly number[]): AxisScale {
  const to = (r: number) => -Math.log10(Math.max(r, 1e-6));
  const low = Math.min(0.5, ...values);
  const span = to(low);
  const ticks: number[] = [];
  for (const v of [...new Set([1, ...values])].sort((a, b) => b - a))
    if (ticks.length === 0 || to(v) - to(ticks[ticks.length - 1]) > span / 9) ticks.push(v);
  return { to, domain: [0, span], ticks, stretched: true };
}

/** Value whose position this is, among `ticks`: recharts gives labels positions back. */
export function tickAt(scale: AxisScale, position: number): number {
  let best = scale.ticks[0];
  for (const t of scale.ticks)
    if (Math.abs(scale.to(t) - position) < Math.abs(scale.to(best) - position)) best = t;
  return best;
}
/** Decimals that tell neighbouring percent ticks apart (0 to 2). */
export function tickDecimals(ticks: readonly number[]): number {
  for (const d of [0, 1])
    if (ticks.every((t) => Math.abs(Number((t * 100).toFixed(d)) - t * 100) < 1e-6)) return d;
  return 2;
}

function extent(values: readonly number[], low: number, high: number) {
  const known = values.filter((v) => Number.isFinite(v));
  return known.length === 0 ? { low, high } : { low: Math.min(...known), high: Math.max(...known) };
}
