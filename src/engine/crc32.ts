/** [k][byte]: what a byte does to the sum when k more bytes follow, so that four can be taken at a time. */
const tables = Array.from({ length: 4 }, () => new Uint32Array(256));
for (let byte = 0; byte < 256; byte++) {
  let c = byte;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  tables[0][byte] = c;
}
for (let k = 1; k < 4; k++) {
  tables[k].set(tables[k - 1].map((c) => tables[0][c & 0xff] ^ (c >>> 8)));
}

/** CRC-32 of IEEE 802.3, as in zip and PNG, in eight hexadecimal digits. @param pieces one after another */
export function crc32(...pieces: Uint8Array[]): string {
  return (~pieces.reduce(added, 0xffffffff) >>> 0).toString(16).padStart(8, '0');
}

function added(sum: number, bytes: Uint8Array): number {
  const [one, two, three, four] = tables;
  const even = bytes.length - (bytes.length % 4);
  let c = sum;
  for (let i = 0; i < even; i += 4) {
    c ^= bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    c = four[c & 0xff] ^ three[(c >>> 8) & 0xff] ^ two[(c >>> 16) & 0xff] ^ one[c >>> 24];
  }
  for (let i = even; i < bytes.length; i++) c = one[(c ^ bytes[i]) & 0xff] ^ (c >>> 8);
  return c;
}
