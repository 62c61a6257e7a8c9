/** What of one layer was kept: its mask as bits, where kept and pruned weights began and ended, units left alone. */
import { type Placed, placed } from '../../models/axes';
import { channels, isWeightLayer, kernelName } from '../../models/build';
import type { Arch, Masks, NetState, WeightLayer } from '../../models/types';
import type { TicketHistogram, TicketLayer, TicketUnits } from '../../worker/api-ticket';

/** Odd: zero lies in the middle of a bin. */
const BINS = 61;

/** @param end as found by find.ts */
export function layerOf(
  { tensors, masks, start }: Pick<NetState, 'tensors' | 'masks' | 'start'>,
  end: Float32Array,
  layer: WeightLayer,
  units: TicketUnits,
): TicketLayer {
  const name = kernelName(layer);
  const mask = masks[name] ?? new Uint8Array(tensors[name].length).fill(1);
  const began = start[name];
  const columns = channels(layer);
  return {
    name: layer.name,
    kind: layer.kind,
    rows: mask.length / columns,
    columns,
    kept: mask.reduce((sum, bit) => sum + bit, 0),
    mask: bitsOf(mask),
    startSize: sizesOf(began, mask),
    signs: signsOf(began, end, mask),
    histogram: histogramOf(began, end, mask),
    units,
  };
}

/** Lowest bit first. @param mask 0 or 1 per entry */
export function bitsOf(mask: Uint8Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(mask.length / 8));
  for (let i = 0; i < mask.length; i++) bits[i >> 3] |= mask[i] << (i & 7);
  return bits;
}

/** `all` is NaN where pruned weights have no start: all zeros, as in a file that does not have their values. */
export function sizesOf(start: Float32Array, mask: Uint8Array): TicketLayer['startSize'] {
  let [kept, keptSum, sum] = [0, 0, 0];
  let known = false;
  for (let i = 0; i < start.length; i++) {
    const size = Math.abs(start[i]);
    sum += size;
    if (mask[i] === 1) {
      kept++;
      keptSum += size;
    } else known ||= size > 0;
  }
  const all = known || kept === start.length ? sum / start.length : Number.NaN;
  return { kept: keptSum / kept, all };
}

export function signsOf(start: Float32Array, end: Float32Array, mask: Uint8Array): TicketLayer['signs'] {
  const signs = { same: 0, of: 0 };
  for (let i = 0; i < mask.length; i++) {
    const product = Math.sign(start[i]) * Math.sign(end[i]);
    if (mask[i] === 0 || !(product !== 0) || Number.isNaN(product)) continue;
    signs.of++;
    if (product > 0) signs.same++;
  }
  return signs;
}

export function histogramOf(start: Float32Array, end: Float32Array, mask: Uint8Array): TicketHistogram {
  const reach = (values: Float32Array, limit: number) =>
    values.reduce((most, w) => (Math.abs(w) > most && Number.isFinite(w) ? Math.abs(w) : most), limit);
  const limit = reach(end, reach(start, 1e-9));
  const edges = Float64Array.from({ length: BINS + 1 }, (_, i) => -limit + (2 * limit * i) / BINS);
  const binOf = (w: number) =>
    Math.min(BINS - 1, Math.max(0, Math.floor(((w + limit) / (2 * limit)) * BINS)));
  const empty = () => ({ kept: new Uint32Array(BINS), pruned: new Uint32Array(BINS) });
  const counts = { start: empty(), end: empty() };
  let unknown = 0;
  for (let i = 0; i < mask.length; i++) {
    const which = mask[i] === 1 ? 'kept' : 'pruned';
    counts.start[which][binOf(start[i])]++;
    if (Number.isNaN(end[i])) unknown++;
    else counts.end[which][binOf(end[i])]++;
  }
  return { edges, ...counts, unknown };
}

/** Of every layer with weights, by name. Units that several layers make together are fed by any of them. */
export function unitsOf({ arch, masks }: { arch: Arch; masks: Masks }): Map<string, TicketUnits> {
  const layers = placed(arch);
  const used = new Map(layers.map((p) => [p.layer.name, usage(p, masks)]));
  return new Map(
    layers.flatMap(({ layer, gives }) => {
      if (!isWeightLayer(layer)) return [];
      const makers = layer.kind === 'depthwise' ? [layer.name] : (gives?.producers ?? [layer.name]);
      const readers = gives?.readers ?? [];
      const [fed, read] = [
        joined(makers.map((name) => used.get(name)?.columns)),
        joined(readers.map((name) => used.get(name)?.rows)),
      ];
      return [[layer.name, counted(channels(layer), fed, readers.length > 0 ? read : undefined)] as const];
    }),
  );
}

/** Per channel read and per unit made true where a kept weight is. */
function usage(
  { layer, tensors }: Placed,
  masks: Masks,
): { rows: boolean[]; columns: boolean[] } | undefined {
  if (!isWeightLayer(layer)) return undefined;
  const [[name, [positions, inputs, outputs]]] = tensors;
  const mask = masks[name];
  const rows = new Array<boolean>(inputs).fill(mask === undefined);
  const columns = new Array<boolean>(outputs).fill(mask === undefined);
  for (let i = 0; mask && i < positions * inputs * outputs; i++) {
    if (mask[i] === 0) continue;
    rows[Math.floor(i / outputs) % inputs] = true;
    columns[i % outputs] = true;
  }
  return { rows, columns };
}
function joined(all: readonly (readonly boolean[] | undefined)[]): boolean[] {
  const out: boolean[] = [];
  for (const one of all)
    one?.forEach((there, j) => {
      out[j] = out[j] || there;
    });
  return out;
}
function counted(all: number, fed: readonly boolean[], read: readonly boolean[] | undefined): TicketUnits {
  const units = { all, fedByNone: 0, readByNone: 0, dead: 0 };
  for (let j = 0; j < all; j++) {
    const [alone, unread] = [!fed[j], read !== undefined && !read[j]];
    if (alone) units.fedByNone++;
    if (unread) units.readByNone++;
    if (alone || unread) units.dead++;
  }
  return units;
}
