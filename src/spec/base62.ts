/**
 * Bytes as letters and digits only. Base64url is as long, but its `_` and `-` are eaten at the end of a link by
 * chats and markdown. Blocks of 32 bytes become 43 digits (62^43 is just above 2^256), which is base64's ratio.
 */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BLOCK = 32;
/** Digits that hold n bytes, for n = 0..32; no two are equal, so the length of a block tells its bytes. */
const WIDTH = Array.from({ length: BLOCK + 1 }, (_, n) => Math.ceil((8 * n) / Math.log2(62)));

export function toBase62(bytes: Uint8Array): string {
  let text = '';
  for (let from = 0; from < bytes.length; from += BLOCK) {
    const block = bytes.subarray(from, from + BLOCK);
    let value = block.reduce((n, byte) => (n << 8n) | BigInt(byte), 0n);
    let digits = '';
    for (let i = 0; i < WIDTH[block.length]; i++, value /= 62n) digits = DIGITS[Number(value % 62n)] + digits;
    text += digits;
  }
  return text;
}

/** The bytes, or undefined for a text that `toBase62` cannot have written. */
export function fromBase62(text: string): Uint8Array | undefined {
  const bytes: number[] = [];
  for (let from = 0; from < text.length; from += WIDTH[BLOCK]) {
    const block = text.slice(from, from + WIDTH[BLOCK]);
    const size = WIDTH.indexOf(block.length);
    if (size < 0 || /[^0-9A-Za-z]/.test(block)) return undefined;
    let value = [...block].reduce((n, digit) => n * 62n + BigInt(DIGITS.indexOf(digit)), 0n);
    const here: number[] = [];
    for (let i = 0; i < size; i++, value >>= 8n) here.unshift(Number(value & 255n));
    if (value !== 0n) return undefined;
    bytes.push(...here);
  }
  return Uint8Array.from(bytes);
}
