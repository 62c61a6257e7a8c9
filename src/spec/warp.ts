/** How a slider's track spreads its range. Positions are in [0, 1] from the left end. */
import type { NumberParam } from './params';

export type Track = Pick<NumberParam, 'min' | 'max' | 'step' | 'scale' | 'integer'>;

const clamp = (x: number, lo: number, hi: number) => Math.min(hi, Math.max(lo, x));
const decimals = (step: number) =>
  String(step).split('e-')[1] ? 12 : (String(step).split('.')[1] ?? '').length;

/** Nearest allowed value: on the step's grid (counted from min), inside the range. */
export function snap(value: number, { min, max, step, integer }: Track): number {
  const s = integer ? Math.max(1, Math.round(step)) : step;
  const on = s > 0 ? min + Math.round((value - min) / s) * s : value;
  return clamp(Number(on.toFixed(Math.max(decimals(s), decimals(min)))), min, max);
}

/** Where a value sits on the track. `tail` gives the upper end quadratically more room. */
export function positionOf(value: number, { min, max, scale }: Track): number {
  if (max <= min) return 0;
  const v = clamp(value, min, max);
  if (scale === 'log' && min > 0) return Math.log(v / min) / Math.log(max / min);
  const u = (v - min) / (max - min);
  return scale === 'tail' ? 1 - Math.sqrt(1 - u) : u;
}

/** The value under a position, on the grid of allowed values. Inverse of `positionOf` up to the grid. */
export function valueAt(position: number, track: Track): number {
  const { min, max, scale } = track;
  const p = clamp(position, 0, 1);
  if (scale === 'log' && min > 0) {
    const raw = min * (max / min) ** p;
    return clamp(track.integer ? Math.round(twoDigits(raw)) : twoDigits(raw), min, max);
  }
  return snap(min + (max - min) * (scale === 'tail' ? 1 - (1 - p) ** 2 : p), track);
}
const twoDigits = (x: number) => Number(x.toPrecision(2));

/**
 * The next value for an arrow key. Linear: a step. Log: a twentieth of a decade or a step, whichever is more.
 * Tail: ten steps, in its last tenth one step, as that is where single steps matter.
 */
export function nudge(value: number, by: -1 | 1, track: Track): number {
  if (track.scale === 'log' && track.min > 0) {
    const far = clamp(twoDigits(value * 10 ** (by / 20)), track.min, track.max);
    const near = clamp(value + by * track.step, track.min, track.max);
    const next = by > 0 ? Math.max(far, near) : Math.min(far, Math.max(near, track.min));
    return track.integer ? Math.round(next) : next;
  }
  if (track.scale === 'tail') {
    const fineFrom = track.min + 0.9 * (track.max - track.min);
    const fine = by > 0 ? value >= fineFrom - 1e-9 : value > fineFrom + 1e-9;
    return snap(value + by * track.step * (fine ? 1 : 10), track);
  }
  return snap(value + by * track.step, track);
}
