import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  codedBytes,
  codeLengths,
  decodeSymbols,
  encodeSymbols,
  LONGEST,
  readTable,
  tableBytes,
  writeTable,
} from './huffman';

/** Bits of an optimal code, by merging the two lightest until one is left. */
function optimalBits(counts: readonly number[]): number {
  const heap = counts.filter((c) => c > 0);
  let bits = 0;
  while (heap.length > 1) {
    heap.sort((a, b) => b - a);
    const sum = heap.pop()! + heap.pop()!;
    bits += sum;
    heap.push(sum);
  }
  return bits;
}
const bitsOf = (counts: readonly number[], lengths: Uint8Array) =>
  lengths.reduce((sum, length, s) => sum + length * counts[s], 0);
const kraft = (lengths: Uint8Array) =>
  lengths.reduce((sum, length) => sum + (length > 0 ? 2 ** (LONGEST - length) : 0), 0);
const counted = (symbols: ArrayLike<number>) => {
  const counts = new Uint32Array(256);
  for (let i = 0; i < symbols.length; i++) counts[symbols[i]]++;
  return counts;
};
function expectBack(symbols: Uint8Array): void {
  const counts = counted(symbols);
  const lengths = codeLengths(counts);
  const out = new Uint8Array(codedBytes(counts, lengths));
  encodeSymbols(out, symbols, lengths);
  const table = new Uint8Array(tableBytes(lengths));
  writeTable(table, lengths);
  expect(decodeSymbols(out, symbols.length, readTable(table))).toEqual(symbols);
}

describe('codeLengths', () => {
  it('is optimal wherever no code is too long, and complete', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 40 })), { minLength: 2, maxLength: 64 }),
        (counts) => {
          const lengths = codeLengths(counts);
          const used = counts.filter((c) => c > 0).length;
          if (used < 2) return;
          expect(bitsOf(counts, lengths)).toBe(optimalBits(counts));
          expect(kraft(lengths)).toBe(2 ** LONGEST);
        },
      ),
    );
  });
  it('cuts codes to 15 bits, completely and at little cost', () => {
    const fibonacci = [1, 1];
    while (fibonacci.length < 30)
      fibonacci.push(fibonacci[fibonacci.length - 1] + fibonacci[fibonacci.length - 2]);
    for (const counts of [
      fibonacci,
      fibonacci.map((c) => c * c),
      Array.from({ length: 256 }, (_, i) => 1.06 ** i),
    ]) {
      const whole = counts.map(Math.ceil);
      const lengths = codeLengths(whole);
      expect(Math.max(...lengths)).toBeLessThanOrEqual(LONGEST);
      expect(lengths.every((length) => length > 0)).toBe(true);
      expect(kraft(lengths)).toBe(2 ** LONGEST);
      expect(bitsOf(whole, lengths)).toBeLessThan(optimalBits(whole) * 1.02);
    }
  });
  it('of one symbol is 1, of none empty', () => {
    expect([...codeLengths([0, 0, 7])]).toEqual([0, 0, 1]);
    expect([...codeLengths([0, 0])]).toEqual([]);
  });
});

describe('coded symbols', () => {
  it('come back: any symbols, skewed or not, one, none', () => {
    const any = fc.uint8Array({ maxLength: 400 });
    const skewed = fc
      .array(fc.nat(1000), { maxLength: 400 })
      .map((list) => Uint8Array.from(list, (x) => Math.floor(255 * (x / 1000) ** 8)));
    fc.assert(fc.property(fc.oneof(any, skewed), expectBack));
    expectBack(new Uint8Array(100).fill(9));
    expectBack(new Uint8Array(0));
  });
  it('come back with codes of the full 15 bits', () => {
    const list: number[] = [];
    for (let s = 0, [a, b] = [1, 1]; s < 19; s++, [a, b] = [b, a + b])
      for (let k = 0; k < a; k++) list.push(s * 3);
    const symbols = Uint8Array.from(list);
    expect(Math.max(...codeLengths(counted(symbols)))).toBe(LONGEST);
    expectBack(symbols);
  });
  it('are written as the field does: shorter codes first, highest bit first', () => {
    const lengths = Uint8Array.of(2, 1, 3, 3);
    const out = new Uint8Array(2);
    encodeSymbols(out, [1, 0, 2, 3, 1], lengths);
    // 0 10 110 111 0
    expect([...out]).toEqual([0b01011011, 0b10000000]);
  });
  it('are refused where table or length are not right', () => {
    const symbols = Uint8Array.of(0, 1, 2, 2, 2, 1);
    const lengths = codeLengths(counted(symbols));
    const out = new Uint8Array(codedBytes(counted(symbols), lengths));
    encodeSymbols(out, symbols, lengths);
    expect(decodeSymbols(out, 6, lengths)).toEqual(symbols);
    expect(decodeSymbols(out, 30, lengths)).toBeUndefined();
    expect(decodeSymbols(Uint8Array.of(...out, 0), 6, lengths)).toBeUndefined();
    expect(decodeSymbols(out, 6, Uint8Array.of(1, 2))).toBeUndefined();
    expect(decodeSymbols(out, 6, Uint8Array.of(1, 1, 1))).toBeUndefined();
    expect(decodeSymbols(out, 6, new Uint8Array(4))).toBeUndefined();
    expect(decodeSymbols(new Uint8Array(0), 6, new Uint8Array(0))).toBeUndefined();
    expect(decodeSymbols(out, 6, Uint8Array.of(0, 1))).toBeUndefined();
  });
});
