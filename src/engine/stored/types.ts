/** What a compressed file consists of, as page, command line and layer table are told. Types and names only. */
import type { Codes } from '../../methods/fake-quant';
import type { PartBytes } from '../../models/files/parts';
import type { Arch, Masks, Tensors } from '../../models/types';

export {
  addBytes,
  NO_BYTES,
  PARTS,
  type Part,
  type PartBytes,
  sumBytes,
} from '../../models/files/parts';

/**
 * Which entries are stored: all; or those other than +0, told by one bit per entry, by the columns of each row (CSR),
 * or by the zeros before each one (relative index with gaps of 4 to 8 bits).
 */
export type Positions = 'dense' | 'bitmap' | 'csr' | 'relative';
/**
 * How a stored entry is written: as a float of 32 or 16 bits, as a code with scale and zero point, as its sign with
 * a scale, as an index into a table of values; hashed: as the buckets that all entries share.
 */
export type Values = 'f32' | 'f16' | 'packed' | 'sign' | 'codebook' | 'hashed';
/** E.g. `dense-f32`, `relative-codebook`. */
export type StoredForm = `${Positions}-${Values}`;
/** How a stream of codes, indices or bytes is written. */
export type Coding = 'raw' | 'huffman' | 'deflate';

/** One tensor in the file. */
export interface StoredTensor {
  /** `fc1/kernel`; all biases together are `biases`, all tensors of batch norms `norms`. */
  name: string;
  form: StoredForm;
  /** Entries of the tensor. */
  entries: number;
  /** Of these, stored: all of a dense form, else those other than +0; the buckets of a hashed one. */
  stored: number;
  /** Bits per stored value before entropy coding: 32, 16, 1..8. */
  bits: number;
  /** Bits per field of a relative index, or per column of CSR; 1 for a bitmap; 0 where every entry is stored. */
  indexBits: number;
  /** Fields of the index: gaps with fillers, columns, or one bit per entry. */
  fields: number;
  coding: { values: Coding; indices: Coding };
  /** Bytes; their sum is what the tensor takes in the payload. */
  parts: PartBytes;
}

/** Facts of a file, written or not: the parts sum up to `bytes`, and so do tensors, norms and header. */
export interface FileFacts {
  /** Length of the file. */
  bytes: number;
  parts: PartBytes;
  /** In the order of the file. */
  tensors: readonly StoredTensor[];
  /** Low-rank pairs: original name of the layer, and its two kernels. */
  pairs: Readonly<Record<string, readonly [string, string]>>;
}
export interface Encoded extends FileFacts {
  file: Uint8Array<ArrayBuffer>;
}
/** A kernel that was stored as codes with scales, exactly as written. */
export interface StoredCodes extends Codes {
  bits: number;
}
export interface Decoded {
  /** Of the file as it is. */
  facts: FileFacts;
  arch: Arch;
  /** Effective weights, bit for bit those that were executed when the file was written. */
  tensors: Tensors;
  /** 0 at every +0 of a kernel that has one: pruned weights and those rounded to zero cannot be told apart. */
  masks: Masks;
  /** Of every kernel stored as codes, by name; methods/recover.ts finds settings that give them again. */
  codes: Readonly<Record<string, StoredCodes>>;
  /** Of a ticket: what the entries of +0 began with, in order, by name of the kernel. */
  pruned: Readonly<Record<string, Float32Array>>;
}
