/**
 * Gauss-Newton matrix of the loss over all kernels of a toy network, in double precision. For softmax cross-entropy it
 * is the mean over images of Jᵀ (diag p - p pᵀ) J, with J the gradients of the logits; and because
 * diag p - p pᵀ = Σ_c p_c (p - e_c)(p - e_c)ᵀ it is what the gradients of the loss give when every class in turn is
 * taken for the label, as often as the network itself says (Martens: New insights and perspectives on the natural
 * gradient method, JMLR 2020, https://arxiv.org/abs/1412.1193). The labels are not looked at.
 */
import type { Curvature } from '../../methods/evidence';
import type { Plan } from '../backends/plan';
import { kernelGradient } from './gradient';
import { fill } from './inputs';
import type { Back, Chunk, Gauge, GaugeOf, Seed } from './types';

const FLOAT = 4;
/** Multiply-adds between two turns: some tens of milliseconds. */
const TURN = 1e7;

export const curvature: GaugeOf<'curvature'> = (plan): Gauge<Curvature> => {
  const places = placesOf(plan);
  const size = plan.stages.reduce((sum, { kernel }) => sum + (kernel?.length ?? 0), 0);
  const sums = new Float64Array(size * size);
  return {
    async add(chunk, turn) {
      // [image, weight, class]: entries that are multiplied lie side by side.
      const rows = new Float32Array(chunk.count * size * plan.classes);
      for (let c = 0; c < plan.classes; c++) {
        await turn();
        chunk.backward((back) => gradients(chunk, back, places, rows, c, size), asIfLabelled(c));
      }
      await addRows(sums, size, rows, plan.classes, turn);
    },
    result: (images) => {
      fill(sums, size, images);
      return { kernels: [...places.keys()], size, matrix: sums };
    },
  };
};

/** Where each kernel begins, in layer order. */
function placesOf(plan: Plan): Map<string, number> {
  const places = new Map<string, number>();
  let at = 0;
  for (const { kernel } of plan.stages) {
    if (!kernel) continue;
    places.set(kernel.name, at);
    at += kernel.length;
  }
  return places;
}

/** √p_c (p - e_c) for every image: its outer products sum up over c to diag p - p pᵀ. */
const asIfLabelled =
  (label: number): Seed =>
  (z, labels, dz) => {
    const classes = z.length / labels.length;
    for (let i = 0; i < z.length; i += classes) {
      const row = z.subarray(i, i + classes);
      const top = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
      const powers = Array.from(row, (v) => Math.exp(v - top));
      const sum = powers.reduce((a, b) => a + b, 0);
      const root = Math.sqrt(powers[label] / sum);
      for (let c = 0; c < classes; c++) dz[i + c] = root * (powers[c] / sum - (c === label ? 1 : 0));
    }
  };

/** Gradient of one kernel, image by image, as class `label` of `rows` [image, size, class]. */
function gradients(
  { plan, machine, count, gradients: at, scratch }: Chunk,
  back: Back,
  places: ReadonlyMap<string, number>,
  rows: Float32Array,
  label: number,
  size: number,
): void {
  const { kernel, inSize, outSize } = back.stage;
  if (!kernel) return;
  const first = places.get(kernel.name) as number;
  // Kernels want their operands aligned.
  const [x, dy] = scratch(inSize, outSize);
  const { bytes, floats } = machine;
  for (let i = 0; i < count; i++) {
    bytes.copyWithin(x, back.x + i * inSize * FLOAT, back.x + (i + 1) * inSize * FLOAT);
    bytes.copyWithin(dy, back.dy + i * outSize * FLOAT, back.dy + (i + 1) * outSize * FLOAT);
    kernelGradient(machine, back, x, dy, at, 1);
    let to = (i * size + first) * plan.classes + label;
    for (let k = 0; k < kernel.length; k++, to += plan.classes) rows[to] = floats[at / FLOAT + k];
  }
}

/** Adds the outer products of every image's gradients to the upper triangle, weights without any left out. */
async function addRows(
  sums: Float64Array,
  size: number,
  rows: Float32Array,
  classes: number,
  turn: () => Promise<void>,
): Promise<void> {
  const places = new Int32Array(size);
  const values = new Float64Array(size * classes);
  let work = 0;
  for (let image = 0; image < rows.length; image += size * classes) {
    let n = 0;
    for (let w = 0; w < size; w++) {
      const from = image + w * classes;
      let any = false;
      for (let c = 0; c < classes; c++) {
        const g = rows[from + c];
        values[n * classes + c] = g;
        any ||= g !== 0;
      }
      if (any) places[n++] = w;
    }
    for (let a = 0; a < n; a++) {
      const at = places[a] * size;
      for (let b = a; b < n; b++) {
        let sum = 0;
        for (let c = 0; c < classes; c++) sum += values[a * classes + c] * values[b * classes + c];
        sums[at + places[b]] += sum;
      }
    }
    work += (n * n * classes) / 2;
    if (work < TURN) continue;
    work = 0;
    await turn();
  }
}
