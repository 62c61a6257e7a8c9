/** How active the units of each layer are, and how much the loss hangs on them. */
import type { UnitActivity } from '../../methods/evidence';
import { channels, isWeightLayer } from '../../models/build';
import type { Plan, Stage } from '../backends/plan';
import type { Back, Chunk, Gauge, GaugeOf } from './types';

const FLOAT = 4;

/**
 * Number of the value in which a unit shows: what leaves its own chain, that is its layer, the batch norm that alone
 * reads it, and the relu of either; before pooling, adding up, and the next layer. Where the chain has no relu (the
 * layer that gives the logits; a norm that goes into an addition) it is the value before any relu: `zeros` then
 * counts values at or below zero, and says how often a relu right here would close.
 */
export function unitValue(plan: Plan, index: number): number {
  const { layer } = plan.stages[index];
  if ('activation' in layer && layer.activation === 'relu') return index + 1;
  const readers = plan.stages.flatMap((stage, i) => stage.inputs.filter((v) => v === index + 1).map(() => i));
  const alone = readers.length === 1 && plan.stages[readers[0]].layer.kind === 'batchnorm';
  return alone ? readers[0] + 1 : index + 1;
}

interface Watched {
  readonly name: string;
  readonly units: number;
  readonly size: number;
  /** Values at or below zero, and sums of |sum over positions of a * dL/da|. */
  readonly zeros: Float64Array;
  readonly taylor: Float64Array;
}

/** APoZ and first-order Taylor by unit of every layer with a kernel. */
export const units: GaugeOf<'units'> = (plan): Gauge<Readonly<Record<string, UnitActivity>>> => {
  const watched = new Map<number, Watched>();
  plan.stages.forEach(({ layer }: Stage, i) => {
    if (!isWeightLayer(layer)) return;
    const value = unitValue(plan, i);
    const n = channels(layer);
    const size = plan.stages[value - 1].outSize;
    const [zeros, taylor] = [new Float64Array(n), new Float64Array(n)];
    watched.set(value, { name: layer.name, units: n, size, zeros, taylor });
  });
  return {
    add(chunk) {
      for (const [value, w] of watched) countZeros(w, chunk, value);
      chunk.backward((back) => {
        const w = watched.get(back.index + 1);
        if (w) addTaylor(w, chunk, back);
      });
    },
    result: (images) =>
      Object.fromEntries(
        [...watched.values()].map(({ name, units: n, size, zeros, taylor }) => {
          const all = (images * size) / n;
          const activity = {
            zeros: Float32Array.from(zeros, (z) => z / all),
            taylor: Float32Array.from(taylor, (t) => t / images),
          };
          return [name, activity];
        }),
      ),
  };
};

function countZeros({ units: n, size, zeros }: Watched, { machine, count, values }: Chunk, value: number) {
  const { floats } = machine;
  const from = values[value] / FLOAT;
  for (let i = 0; i < count * size; i += n) {
    for (let u = 0; u < n; u++) if (floats[from + i + u] <= 0) zeros[u]++;
  }
}

/** The gradient of the relu has been taken from dy, which changes nothing: a is zero there. */
function addTaylor({ units: n, size, taylor }: Watched, { machine, count }: Chunk, { y, dy }: Back): void {
  const { floats } = machine;
  const sums = new Float64Array(n);
  for (let image = 0; image < count; image++) {
    const [a, d] = [y / FLOAT + image * size, dy / FLOAT + image * size];
    sums.fill(0);
    for (let i = 0; i < size; i += n)
      for (let u = 0; u < n; u++) sums[u] += floats[a + i + u] * floats[d + i + u];
    for (let u = 0; u < n; u++) taylor[u] += Math.abs(sums[u]);
  }
}
