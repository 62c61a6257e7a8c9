/** Series of the two sweep charts from a sweep and the state on screen. Nothing here is rounded. */
import type { Accuracy, Preview, Spread, SweepPoint } from '../../worker/api';
import { timed } from '../tiles/values';

export interface SweepDatum {
  /** What the slider says. */
  value: number;
  /** Position on the axis in its own unit: the sparsity reached for `sparsity`, else the slider's value. */
  x: number;
  accuracy: number;
  correct: number;
  count: number;
  remaining: number;
}
export const share = (a: Accuracy): number => (a.count === 0 ? 0 : a.correct / a.count);
/** The whole-test figure if it is there, else the quick estimate. */
export const bestKnown = (preview: Preview | undefined): Accuracy | undefined =>
  preview?.test ?? preview?.quick;

const xOf = (param: string, value: number, sparsity: number) => (param === 'sparsity' ? sparsity : value);

export function sweepData(points: readonly SweepPoint[], param: string): SweepDatum[] {
  return points
    .filter((p) => p.param === param)
    .map((p) => ({
      value: p.value,
      x: xOf(param, p.value, p.facts.sparsity),
      accuracy: share(p.test),
      correct: p.test.correct,
      count: p.test.count,
      remaining: 1 - p.facts.sparsity,
    }))
    .sort((a, b) => a.x - b.x || a.value - b.value);
}
/** The state on screen as a point of the same chart; undefined while nothing is known or off the axis. */
export function currentDatum(
  preview: Preview | undefined,
  param: string,
  value: number | undefined,
): SweepDatum | undefined {
  const accuracy = bestKnown(preview);
  if (!preview || !accuracy || value === undefined) return undefined;
  return {
    value,
    x: xOf(param, value, preview.facts.sparsity),
    accuracy: share(accuracy),
    correct: accuracy.correct,
    count: accuracy.count,
    remaining: 1 - preview.facts.sparsity,
  };
}

export const SAVINGS = ['macs', 'bytes', 'measured'] as const;
export type Saving = (typeof SAVINGS)[number];
export interface SavingDatum {
  /** Times saved against the dense network: dense / compressed. */
  x: number;
  accuracy: number;
  correct: number;
  count: number;
  /** Quartiles, for what was measured. */
  q1?: number;
  q3?: number;
  /** What the slider says; undefined for the state on screen. */
  value?: number;
}
type Basis = { facts: { macsNonzero: number; bytes: number }; speed?: Spread };

/** Three series that are never mixed: arithmetic with zeros skipped, bytes of the encoded file, measured time at batch 256. */
export function savingsData(
  points: readonly SweepPoint[],
  preview: Preview | undefined,
): Record<Saving, SavingDatum[]> {
  const dense = preview?.dense?.facts;
  const all = (kind: Saving) =>
    dense
      ? points
          .flatMap((p) => {
            const x = saved(kind, dense, p);
            return x
              ? [
                  {
                    ...x,
                    accuracy: share(p.test),
                    correct: p.test.correct,
                    count: p.test.count,
                    value: p.value,
                  },
                ]
              : [];
          })
          .sort((a, b) => (a.value ?? 0) - (b.value ?? 0))
      : [];
  return { macs: all('macs'), bytes: all('bytes'), measured: all('measured') };
}
export function currentSavings(preview: Preview | undefined): Partial<Record<Saving, SavingDatum>> {
  const accuracy = bestKnown(preview);
  const dense = preview?.dense?.facts;
  if (!preview || !accuracy || !dense) return {};
  const from: Basis = { facts: preview.facts, speed: timed(preview)?.throughput.ratio };
  const out: Partial<Record<Saving, SavingDatum>> = {};
  for (const kind of SAVINGS) {
    const x = saved(kind, dense, from);
    if (x) out[kind] = { ...x, accuracy: share(accuracy), correct: accuracy.correct, count: accuracy.count };
  }
  return out;
}
function saved(
  kind: Saving,
  dense: Basis['facts'],
  now: Basis,
): Pick<SavingDatum, 'x' | 'q1' | 'q3'> | undefined {
  if (kind === 'measured') return now.speed && { x: now.speed.median, q1: now.speed.q1, q3: now.speed.q3 };
  const [before, after] =
    kind === 'macs' ? [dense.macsNonzero, now.facts.macsNonzero] : [dense.bytes, now.facts.bytes];
  return after > 0 ? { x: before / after } : undefined;
}
