/**
 * The compressed network as one file, whose length is the size that Winnow reports. It is a safetensors file:
 *
 *   u64        length of the header
 *   header     JSON padded with spaces to a multiple of 8: `__metadata__`, then dtype, shape and place of each tensor
 *   payload    the tensors, one after another: all F32, all F16, all U8
 *
 * All numbers are little-endian. `__metadata__` begins with `winnow`, the version, and `crc32`, eight hexadecimal
 * digits: the CRC-32 of the whole file with zeros in their place. `arch` is the network (arch.ts), `manifest` says how
 * the compressed tensors are to be read, both as JSON.
 *
 * Kernels in full are F32 or F16 tensors with their shape (models/build.ts), which any reader of safetensors
 * understands. `biases` and `norms` are all biases and all tensors of batch norms, one after another in layer order
 * (kernel before bias; gamma, beta, mean, variance). A compressed kernel is a U8 tensor, read by its manifest entry:
 *
 *   codebook   distinct values, f32; or scales (f32), then zero points (u8; absent where they are 2^(bits-1) - 1)
 *   values     one symbol per stored entry, in order
 *   rows       CSR: entries of each row (differences of the row pointers)
 *   indices    bitmap, lowest bit first; or columns, row after row; or gaps: the +0 entries before each stored one,
 *              where a field of all ones skips as many entries and stores none
 *
 * Each of the last three is a stream (stream.ts): raw, or a table of code lengths and a Huffman code, or deflated.
 *
 * Of a ticket the tensors are those before training, and `<layer>/pruned`, F32, are the values that the pruned weights
 * of the layer began with, in order: as many as its kernel has entries of +0. Files without them are what they were.
 *
 * Bits: an entry is left out when it is +0; -0 and NaNs with all their bits are values like others. Floats of 16 bits
 * are taken only where all entries survive them.
 */

import type { Arch, Weights } from '../../models/types';
import { WinnowError } from '../../spec/problem';
import { crc32 } from '../crc32';
import { archText } from './arch';
import { checksumAt, entryOf, type Place, writeHeader } from './header';
import { MOST_ENTRIES } from './limits';
import { type Plan, planFloats, planPlain, planTensor } from './plan';
import { type Sources, sourcesOf, valuesOf } from './source';
import { kernelSlots, pairsOf, plainTensors } from './tensors';
import { addBytes, type Encoded, type FileFacts, NO_BYTES, sumBytes } from './types';

type State = Weights & { readonly arch: Arch };
interface Prepared {
  header: Uint8Array;
  plans: Plan[];
  facts: FileFacts;
}

/** What `encode` will write, without writing it. Costs a few passes over kernels that it has not seen before. */
export const layout = (state: State): FileFacts => prepare(state.arch, sourcesOf(state)).facts;

/** Writes the file. `decode` gives back the effective weights bit for bit; latent weights are not stored. */
export const encode = (state: State): Encoded => encodeSources(state.arch, sourcesOf(state));

/** Values of the entries of +0, by name of the kernel. */
export type PrunedValues = Readonly<Record<string, Float32Array>>;

/**
 * The same for tensors that are not those of a state.
 * @param sources of every tensor of the network
 * @param pruned of some or all kernels
 * @throws WinnowError `stored.large` beyond 2^26 entries
 */
export function encodeSources(arch: Arch, sources: Sources, pruned: PrunedValues = {}): Encoded {
  const { header, plans, facts } = prepare(arch, sources, pruned);
  const entries = facts.tensors.reduce((sum, tensor) => sum + tensor.entries, 0);
  if (entries > MOST_ENTRIES) throw tooLarge(entries);
  const file = new Uint8Array(facts.bytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true);
  file.set(header, 8);
  let at = 8 + header.length;
  for (const plan of plans) {
    const bytes = sumBytes(plan.stored.parts);
    plan.write(file.subarray(at, at + bytes));
    at += bytes;
  }
  file.set(new TextEncoder().encode(crc32(file)), checksumAt);
  return { ...facts, file };
}

function prepare(arch: Arch, sources: Sources, pruned: PrunedValues = {}): Prepared {
  const plans = inOrder([...plansOf(arch, sources), ...prunedPlans(arch, pruned)]);
  const pairs = pairsOf(arch);
  const tensors = Object.fromEntries(
    plans.flatMap((plan) => {
      const entry = entryOf(plan);
      return entry ? [[plan.stored.name, entry]] : [];
    }),
  );
  const names = Object.keys(pairs);
  const told = JSON.stringify({ tensors, ...(names.length > 0 && { pairs: names }) });
  const header = writeHeader(archText(arch), told, placesOf(arch, plans));
  const parts = plans.map((p) => p.stored.parts).reduce(addBytes, { ...NO_BYTES, header: 8 + header.length });
  const facts = { bytes: sumBytes(parts), parts, tensors: plans.map((p) => p.stored), pairs };
  return { header, plans, facts };
}

function plansOf(arch: Arch, sources: Sources): Plan[] {
  const slots = kernelSlots(arch);
  const plans = slots.map(({ name, columns }) => planTensor(name, sources[name], columns));
  for (const { name, tensors, length } of plainTensors(arch)) {
    if (length === 0) continue;
    const all = new Float32Array(length);
    let at = 0;
    for (const tensor of tensors) {
      // As bits: copying floats may change the payload of a NaN.
      const values = valuesOf(sources[tensor.name]);
      new Uint32Array(all.buffer).set(new Uint32Array(values.buffer, values.byteOffset, values.length), at);
      at += tensor.length;
    }
    plans.push(planPlain(name, all));
  }
  return plans;
}

const prunedPlans = (arch: Arch, pruned: PrunedValues): Plan[] =>
  kernelSlots(arch).flatMap(({ name, pruned: place }) =>
    pruned[name] ? [planFloats(place, pruned[name])] : [],
  );

/** Wide types first, so that each tensor is aligned. */
const RANK = { F32: 0, F16: 1, U8: 2 } as const;
const inOrder = (plans: Plan[]): Plan[] => plans.sort((a, b) => RANK[dtypeOf(a)] - RANK[dtypeOf(b)]);

function dtypeOf(plan: Plan): Place['dtype'] {
  if (entryOf(plan)) return 'U8';
  return plan.stored.form === 'dense-f16' ? 'F16' : 'F32';
}

function placesOf(arch: Arch, plans: readonly Plan[]): [string, Place][] {
  const shapes = new Map(kernelSlots(arch).map(({ name, shape }) => [name, shape]));
  let end = 0;
  return plans.map((plan) => {
    const { name, entries, parts } = plan.stored;
    const from = end;
    end += sumBytes(parts);
    const dtype = dtypeOf(plan);
    const shape = dtype === 'U8' ? [end - from] : (shapes.get(name) ?? [entries]);
    return [name, { dtype, shape, data_offsets: [from, end] }];
  });
}

const tooLarge = (entries: number) =>
  new WinnowError({
    code: 'stored.large',
    path: '',
    message: `a file holds networks of at most ${MOST_ENTRIES} weights, biases and norms, this one has ${entries}`,
    values: { max: MOST_ENTRIES, found: entries },
  });
