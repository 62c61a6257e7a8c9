/**
 * How one kernel is stored: the smallest of all pairs of an index and a way to write values, both in the better of raw
 * and Huffman, tables counted; of equally small ones the simplest. Deflate is tried on the streams of that one.
 */
import { bytesOfArray } from './bits';
import { indexBytes, indexPlans } from './positions';
import { countStored, scan } from './scan';
import { patternsOf, type TensorSource } from './source';
import { deflated, planStream, type Stream, writeStream } from './stream';
import { NO_BYTES, type Part, type StoredForm, type StoredTensor } from './types';
import { floatPlans, type ValuePlan, valueBytes, valuePlans } from './values';

/** What is written of a tensor: what stands beside its values, then these streams in order. */
export interface Plan {
  stored: StoredTensor;
  /** Of hashed tensors. */
  seed?: number;
  streams: { values: Stream; rows?: Stream; indices?: Stream };
  /** Fills `out`, which has as many bytes as the parts. */
  write(out: Uint8Array): void;
}

/** Arrays are never written to, so that what was planned once stays right; keyed by the values. */
const memo = new WeakMap<Float32Array, { source: TensorSource; columns: number; plan: Plan }>();

/** @param columns length of the last axis */
export function planTensor(name: string, source: TensorSource, columns: number): Plan {
  if (source.kind === 'hashed') return planHashed(name, source);
  const known = memo.get(source.values);
  if (known && known.columns === columns && same(known.source, source)) return named(known.plan, name);
  const plan = planValues(name, source, columns);
  memo.set(source.values, { source, columns, plan });
  return plan;
}
const named = (plan: Plan, name: string): Plan => ({ ...plan, stored: { ...plan.stored, name } });
const same = (a: TensorSource, b: TensorSource): boolean =>
  a.kind === b.kind &&
  (a.kind !== 'coded' || b.kind !== 'coded' || (a.codes === b.codes && a.bits === b.bits));

const smallest = <T>(plans: readonly T[], bytes: (plan: T) => number): T | undefined => {
  let best = plans[0] as T | undefined;
  for (const plan of plans) if (bytes(plan) < bytes(best!)) best = plan;
  return best;
};

function planValues(name: string, source: Exclude<TensorSource, { kind: 'hashed' }>, columns: number): Plan {
  const patterns = patternsOf(source.values);
  const count = countStored(patterns);
  const ways = valuePlans(source, count);
  const dense = smallest(ways.dense, valueBytes)!;
  if (count === patterns.length) return composed(name, patterns.length, count, dense);
  const index = smallest(indexPlans(patterns, columns, scan(patterns, columns)), indexBytes)!;
  const sparse = smallest(ways.sparse, valueBytes)!;
  return valueBytes(dense) <= valueBytes(sparse) + indexBytes(index)
    ? composed(name, patterns.length, patterns.length, dense)
    : composed(name, patterns.length, count, sparse, index);
}

type Index = ReturnType<typeof indexPlans>[number];

function composed(name: string, entries: number, stored: number, way: ValuePlan, index?: Index): Plan {
  const values = deflated(way.stream, way.symbols);
  const parts: Record<Part, number> = { ...NO_BYTES, values: values.bytes, tables: values.table };
  for (const { part, bytes } of way.beside) parts[part] += bytes.length;
  const placed = (index?.streams ?? []).map(({ stream, symbols }) => ({
    stream: deflated(stream, symbols),
    symbols,
  }));
  for (const { stream } of placed) {
    parts.indices += stream.bytes;
    parts.tables += stream.table;
  }
  const indices = placed.at(-1)?.stream;
  return {
    stored: {
      name,
      form: `${index?.positions ?? 'dense'}-${way.values}` as StoredForm,
      entries,
      stored,
      bits: way.stream.bits,
      indexBits: index?.bits ?? 0,
      fields: index?.fields ?? 0,
      coding: { values: values.coding, indices: indices?.coding ?? 'raw' },
      parts,
    },
    streams: { values, ...(placed.length > 1 && { rows: placed[0].stream }), ...(indices && { indices }) },
    write(out) {
      let rest = out;
      for (const { bytes } of way.beside) {
        rest.set(bytes);
        rest = rest.subarray(bytes.length);
      }
      rest = writeStream(rest, values, way.symbols);
      for (const { stream, symbols } of placed) rest = writeStream(rest, stream, symbols);
    },
  };
}

function planHashed(
  name: string,
  { length, seed, buckets }: Extract<TensorSource, { kind: 'hashed' }>,
): Plan {
  const patterns = patternsOf(buckets);
  const values = planStream(patterns.length, 32);
  return {
    seed,
    stored: {
      name,
      form: 'dense-hashed',
      entries: length,
      stored: patterns.length,
      bits: 32,
      indexBits: 0,
      fields: 0,
      coding: { values: 'raw', indices: 'raw' },
      parts: { ...NO_BYTES, values: values.bytes },
    },
    streams: { values },
    write: (out) => out.set(bytesOfArray(patterns)),
  };
}

/** Biases or norms, one after another: floats of 32 bits, or of 16 where that loses nothing. */
export function planPlain(name: 'biases' | 'norms', values: Float32Array): Plan {
  return inFull(name, name, smallest(floatPlans(patternsOf(values)), valueBytes)!);
}
/** Floats of 32 bits. */
export const planFloats = (name: string, values: Float32Array): Plan =>
  inFull(name, 'values', floatPlans(patternsOf(values))[0]);

const inFull = (name: string, part: Part, way: ValuePlan): Plan => ({
  stored: {
    name,
    form: `dense-${way.values}`,
    entries: way.stream.count,
    stored: way.stream.count,
    bits: way.stream.bits,
    indexBits: 0,
    fields: 0,
    coding: { values: 'raw', indices: 'raw' },
    parts: { ...NO_BYTES, [part]: way.stream.bytes },
  },
  streams: { values: way.stream },
  write: (out) => void writeStream(out, way.stream, way.symbols),
});
