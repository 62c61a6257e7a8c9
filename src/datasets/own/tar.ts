/** Tape archives (POSIX.1-1988 ustar, with GNU and pax long names): 512-byte headers, contents padded to 512. */
const BLOCK = 512;
const [NAME, SIZE, SUM, TYPE, PREFIX] = [0, 124, 148, 156, 345];
const latin = new TextDecoder();

const text = (bytes: Uint8Array): string => latin.decode(bytes).replace(/\0.*$/s, '');
const field = (header: Uint8Array, at: number, length: number) => text(header.subarray(at, at + length));
const octal = (header: Uint8Array, at: number, length: number): number =>
  Number.parseInt(field(header, at, length).trim() || '0', 8);

/** The header's own sum, its field counted as spaces, tells an archive from other bytes. */
function sums(header: Uint8Array): boolean {
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= SUM && i < SUM + 8 ? 32 : header[i];
  return header[NAME] !== 0 && octal(header, SUM, 8) === sum;
}
export const isTar = (bytes: Uint8Array): boolean =>
  bytes.length >= BLOCK && bytes.length % BLOCK === 0 && sums(bytes.subarray(0, BLOCK));

/** Value of `path` among pax records (`length key=value\n`). */
const paxPath = (records: string): string | undefined => /(?:^|\n)\d+ path=(.*)\n/.exec(records)?.[1];

/** Regular files of the archive; the contents are views. @throws Error for damage */
export function readTar(bytes: Uint8Array): { path: string; bytes: Uint8Array }[] {
  const files: { path: string; bytes: Uint8Array }[] = [];
  let long: string | undefined;
  for (let at = 0; at + BLOCK <= bytes.length; ) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header.every((b) => b === 0)) break;
    if (!sums(header)) throw new Error(`no header at ${at}`);
    const size = octal(header, SIZE, 12);
    const content = bytes.subarray(at + BLOCK, at + BLOCK + size);
    if (!(size >= 0) || content.length !== size) throw new Error(`cut at ${at}`);
    const type = String.fromCharCode(header[TYPE]);
    const isUstar = field(header, 257, 5) === 'ustar' && header[262] === 0;
    const prefix = isUstar ? field(header, PREFIX, 155) : '';
    const name = field(header, NAME, 100);
    if (type === 'L') long = text(content);
    else if (type === 'x') long = paxPath(text(content)) ?? long;
    else if (type !== 'g') {
      const path = long ?? (prefix ? `${prefix}/${name}` : name);
      if (type === '0' || type === '\0' || type === '7') files.push({ path, bytes: content });
      long = undefined;
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}
