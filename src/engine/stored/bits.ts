/** Unsigned integers of a few bits each, packed without gaps, lowest bit first. */

export const packedBytes = (count: number, bits: number): number => Math.ceil((count * bits) / 8);

/** Writes values one after another; `bytes` must be zero beforehand. */
export class BitWriter {
  private at = 0;
  constructor(private readonly bytes: Uint8Array) {}
  /** `value` in [0, 2^bits), bits in 1..8. */
  put(value: number, bits: number): void {
    const index = this.at >>> 3;
    const shifted = value << (this.at & 7);
    this.bytes[index] |= shifted;
    if (shifted > 0xff) this.bytes[index + 1] |= shifted >>> 8;
    this.at += bits;
  }
}

export class BitReader {
  private at = 0;
  constructor(private readonly bytes: Uint8Array) {}
  take(bits: number): number {
    const index = this.at >>> 3;
    // Past the end the array gives undefined, which counts as 0.
    const pair = this.bytes[index] | (this.bytes[index + 1] << 8);
    const value = (pair >>> (this.at & 7)) & ((1 << bits) - 1);
    this.at += bits;
    return value;
  }
}
