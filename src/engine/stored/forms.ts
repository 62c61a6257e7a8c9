/**
 * How one tensor may be stored, what each way costs to the byte, and which is smallest. An entry counts as
 * stored when its effective weight is not +0; pruned weights and weights rounded to zero are skipped alike.
 */
import type { Codes, Executed } from '../../methods/fake-quant';
import { packedBytes } from './bits';

/**
 * - dense-f32, packed: every entry, 32 bits or its code
 * - bitmap-*: one bit per entry, then the stored ones
 * - relative-*: the zeros before each stored entry as a field of 4 to 8 bits, then the stored ones; a field
 *   of all ones is a filler that skips as many entries and stores none
 */
export type Form =
  | 'dense-f32'
  | 'bitmap-f32'
  | 'relative-f32'
  | 'packed'
  | 'bitmap-packed'
  | 'relative-packed';

/** Bytes of each part, in the order in which they are written. */
export interface Parts {
  values: number;
  indices: number;
  scales: number;
  zeros: number;
}
/** What the header says of one tensor; lengths and shapes follow from the layers. */
export interface StoredTensor {
  name: string;
  form: Form;
  /** Stored entries. */
  count: number;
  /** Bits per value: 32, or those of the code. */
  bits: number;
  /** Bits per index field of the relative forms, else 0. */
  gap: number;
  parts: Parts;
}

const gapBits = [4, 5, 6, 7, 8];
/** The all-ones field: a filler, and how many entries it skips. */
export const filler = (gap: number): number => 2 ** gap - 1;

/** The smallest form of a tensor; of equally small ones the simplest. */
export function smallestForm(name: string, { values, codes }: Executed, bits: number): StoredTensor {
  const { count, fillers } = gaps(values);
  const n = values.length;
  const scales = codes ? codes.scales.length * 4 : 0;
  const zeros = codes && storesZeros(codes, bits) ? codes.zeros.length : 0;
  const make = (form: Form, stored: number, indices: number, gap = 0): StoredTensor => ({
    name,
    form,
    count,
    bits: codes ? bits : 32,
    gap,
    parts: { values: packedBytes(stored, codes ? bits : 32), indices, scales, zeros },
  });
  const tail = codes ? 'packed' : 'f32';
  const choices: StoredTensor[] = [];
  // One bit has no code for zero, so a network with pruned weights cannot be stored that way.
  if (!codes || bits > 1 || count === n) choices.push(make(codes ? 'packed' : 'dense-f32', n, 0));
  choices.push(make(`bitmap-${tail}`, count, packedBytes(n, 1)));
  gapBits.forEach((gap, i) => {
    choices.push(make(`relative-${tail}`, count, packedBytes(count + fillers[i], gap), gap));
  });
  return choices.reduce((best, next) => (bytesOf(next) < bytesOf(best) ? next : best));
}

/** Biases, batch norms, and whatever else is not compressed. */
export const plainForm = (name: string, length: number): StoredTensor => ({
  name,
  form: 'dense-f32',
  count: length,
  bits: 32,
  gap: 0,
  parts: { values: length * 4, indices: 0, scales: 0, zeros: 0 },
});

export const bytesOf = ({ parts }: StoredTensor): number =>
  parts.values + parts.indices + parts.scales + parts.zeros;

/** Zero points are written only where the bits alone do not tell them: not for symmetric codes or one bit. */
function storesZeros({ zeros }: Codes, bits: number): boolean {
  const implied = impliedZero(bits);
  return bits > 1 && zeros.some((z) => z !== implied);
}
/** Code of 0 where no zero points are stored. */
export const impliedZero = (bits: number): number => (bits > 1 ? 2 ** (bits - 1) - 1 : 0);

/** Bit patterns of a tensor: 0 is +0 and nothing else. */
export const patterns = (values: Float32Array): Uint32Array =>
  new Uint32Array(values.buffer, values.byteOffset, values.length);

function gaps(values: Float32Array): { count: number; fillers: number[] } {
  const bits = patterns(values);
  const fillers = gapBits.map(() => 0);
  let count = 0;
  let next = 0;
  for (let i = 0; i < bits.length; i++) {
    if (bits[i] === 0) continue;
    const gap = i - next;
    if (gap >= filler(4)) {
      for (let g = 0; g < fillers.length; g++) fillers[g] += Math.floor(gap / filler(gapBits[g]));
    }
    count++;
    next = i + 1;
  }
  return { count, fillers };
}
