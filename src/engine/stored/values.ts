/** Ways to write the values of a tensor's stored entries, with what has to stand beside them. */
import type { Codes } from '../../methods/fake-quant';
import { bytesOfArray, type Symbols } from './bits';
import { type Codebook, codebookOf, placeBits, withZero } from './codebook';
import { fitsHalf, toHalf } from './f16';
import { patternsOf, type TensorSource } from './source';
import { planStream, type Stream, streamBytes } from './stream';
import type { Part, Values } from './types';

export interface ValuePlan {
  values: Values;
  stream: Stream;
  /** Symbols of the stream, made when they are needed. */
  symbols: () => Symbols;
  /** What stands before the stream, in this order. */
  beside: readonly { part: Part; bytes: Uint8Array }[];
}
export const valueBytes = ({ stream, beside }: ValuePlan): number =>
  beside.reduce((sum, { bytes }) => sum + bytes.length, streamBytes(stream));

/** Code of 0 where no zero points are stored. */
export const impliedZero = (bits: number): number => (bits > 1 ? 2 ** (bits - 1) - 1 : 0);

/** Ways for all entries, and for those other than +0 alone; the simplest first. Dense ones may be none. */
export function valuePlans(source: Exclude<TensorSource, { kind: 'hashed' }>, stored: number) {
  const patterns = patternsOf(source.values);
  const full = stored === patterns.length;
  const dense: ValuePlan[] = floatPlans(patterns);
  const sparse: ValuePlan[] = floatPlans(patterns, stored);
  if (source.kind === 'coded') {
    const { codes, bits } = source;
    // One bit has no code for zero.
    if (bits > 1 || full) dense.push(coded(codes, bits, codes.codes));
    sparse.push(coded(codes, bits, full ? codes.codes : present(codes.codes, patterns, stored)));
  }
  const book = codebookOf(patterns);
  if (book && stored > 0) {
    sparse.push(looked(book, stored, () => present(book.codes, patterns, stored)));
    const all = full ? book : withZero(book, patterns);
    if (all) dense.push(looked(all, patterns.length, () => all.codes));
  }
  return { dense, sparse };
}

/** Symbols of the entries other than +0. */
function present(symbols: Uint8Array, patterns: Uint32Array, stored: number): Uint8Array {
  const out = new Uint8Array(stored);
  for (let i = 0, at = 0; i < symbols.length; i++) if (patterns[i] !== 0) out[at++] = symbols[i];
  return out;
}

/** Floats of 32 bits, and of 16 where nothing is lost. @param stored those other than +0; without it all */
export function floatPlans(patterns: Uint32Array, stored = patterns.length): ValuePlan[] {
  const pick = () => (stored === patterns.length ? patterns : nonzero(patterns, stored));
  const wide: ValuePlan = { values: 'f32', stream: planStream(stored, 32), symbols: pick, beside: [] };
  // A zero always fits, so what is true of all entries is true of the others.
  if (!fitsHalf(patterns)) return [wide];
  const symbols = () => Uint16Array.from(pick(), toHalf);
  return [wide, { values: 'f16', stream: planStream(stored, 16), symbols, beside: [] }];
}

function nonzero(patterns: Uint32Array, stored: number): Uint32Array {
  const out = new Uint32Array(stored);
  for (let i = 0, at = 0; i < patterns.length; i++) if (patterns[i] !== 0) out[at++] = patterns[i];
  return out;
}

function coded({ scales, zeros }: Codes, bits: number, codes: Uint8Array): ValuePlan {
  const counts = new Uint32Array(2 ** bits);
  for (let i = 0; i < codes.length; i++) counts[codes[i]]++;
  // Zero points are written only where the bits alone do not tell them: not for symmetric codes or one bit.
  const told = bits > 1 && zeros.some((zero) => zero !== impliedZero(bits));
  return {
    values: bits === 1 ? 'sign' : 'packed',
    stream: planStream(codes.length, bits, counts),
    symbols: () => codes,
    beside: [
      { part: 'scales', bytes: bytesOfArray(scales) },
      { part: 'zeros', bytes: told ? zeros : new Uint8Array(0) },
    ],
  };
}

function looked({ table, counts }: Codebook, count: number, symbols: () => Symbols): ValuePlan {
  return {
    values: 'codebook',
    stream: planStream(count, placeBits(table.length), counts),
    symbols,
    beside: [{ part: 'codebooks', bytes: bytesOfArray(table) }],
  };
}
