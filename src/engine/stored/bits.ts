/** Unsigned integers of a few bits each, packed without gaps, lowest bit first; whole bytes are little-endian. */

/** One entry per symbol. Of width 1..8 in bytes, 9..16 in 16 bits, 32 as bit patterns of floats. */
export type Symbols = Uint8Array | Uint16Array | Uint32Array;

export const packedBytes = (count: number, bits: number): number => Math.ceil((count * bits) / 8);

/** Room for symbols of so many bits. */
export function symbolsOf(count: number, bits: number): Symbols {
  if (bits <= 8) return new Uint8Array(count);
  return bits <= 16 ? new Uint16Array(count) : new Uint32Array(count);
}
// Typed arrays use the machine's byte order, which is little-endian wherever a browser or Node runs today.
export const bytesOfArray = (a: Symbols | Float32Array): Uint8Array =>
  new Uint8Array(a.buffer, a.byteOffset, a.byteLength);
const whole = (bits: number): boolean => bits === 8 || bits === 16 || bits === 32;

/** Packs symbols below 2^bits into `out`, which has `packedBytes` bytes. */
export function pack(out: Uint8Array, symbols: Symbols, bits: number): void {
  if (whole(bits)) {
    out.set(bytesOfArray(symbols));
    return;
  }
  let held = 0;
  let count = 0;
  let at = 0;
  for (let i = 0; i < symbols.length; i++) {
    held |= symbols[i] << count;
    for (count += bits; count >= 8; count -= 8) {
      out[at++] = held;
      held >>>= 8;
    }
  }
  if (count > 0) out[at] = held;
}

/** What `pack` packed; missing bytes count as zeros. */
export function unpack(bytes: Uint8Array, count: number, bits: number): Symbols {
  const symbols = symbolsOf(count, bits);
  if (whole(bits)) {
    bytesOfArray(symbols).set(bytes.subarray(0, symbols.byteLength));
    return symbols;
  }
  const mask = 2 ** bits - 1;
  let held = 0;
  let have = 0;
  let at = 0;
  for (let i = 0; i < count; i++) {
    for (; have < bits; have += 8) held |= bytes[at++] << have;
    symbols[i] = held & mask;
    held >>>= bits;
    have -= bits;
  }
  return symbols;
}
