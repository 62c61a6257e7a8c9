/** What a file is, told by its bytes. */
import { isParquet } from '../decode/parquet';
import { isPng } from '../decode/png';
import { isCifar } from './cifar';
import { fitsIdx, isIdx } from './idx';
import { isNpy } from './npy';

export type Kind = 'idx' | 'npy' | 'cifar' | 'png' | 'jpeg' | 'parquet' | 'text';

const isJpeg = (b: Uint8Array): boolean => b[0] === 0xff && b[1] === 0xd8 && b[2] === 0xff;

export function kindOf(bytes: Uint8Array): Kind | undefined {
  if (isPng(bytes)) return 'png';
  if (isJpeg(bytes)) return 'jpeg';
  if (isNpy(bytes)) return 'npy';
  if (isParquet(bytes)) return 'parquet';
  // The first pixels of a CIFAR image may look like an idx header, but not like one that fits the length.
  if (isIdx(bytes) && (fitsIdx(bytes) || !isCifar(bytes))) return 'idx';
  if (isCifar(bytes)) return 'cifar';
  return isText(bytes) ? 'text' : undefined;
}

/** UTF-8 without control characters, judged by its first 64 kB. */
function isText(bytes: Uint8Array): boolean {
  if (bytes.length === 0) return false;
  try {
    const start = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, 65_536), {
      stream: true,
    });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what no text file holds.
    return !/[\0-\x08\x0e-\x1f]/.test(start);
  } catch {
    return false;
  }
}

/** First bytes of what people may take for a data set; only for saying what was found. */
const OTHERS: [string, string][] = [
  ['47494638', 'GIF'],
  ['424d', 'BMP'],
  ['52494646', 'RIFF (WebP, WAV, AVI)'],
  ['49492a00', 'TIFF'],
  ['4d4d002a', 'TIFF'],
  ['25504446', 'PDF'],
  ['89484446', 'HDF5'],
  ['4d41544c4142', 'MATLAB .mat'],
  ['8002', 'Python pickle'],
  ['8003', 'Python pickle'],
  ['8004', 'Python pickle'],
  ['8005', 'Python pickle'],
  ['377abcaf271c', '7z'],
  ['526172211a07', 'RAR'],
  ['fd377a585a00', 'xz'],
  ['425a68', 'bzip2'],
  ['28b52ffd', 'zstd'],
  ['4152524f5731', 'Arrow'],
  ['53514c697465', 'SQLite'],
];

/** What was found in place of a data set: the name of a known format, or the first bytes. */
export function describe(bytes: Uint8Array): string {
  if (bytes.length === 0) return '0 bytes';
  const start = Array.from(bytes.subarray(0, 8), (b) => b.toString(16).padStart(2, '0')).join('');
  const known = OTHERS.find(([signature]) => start.startsWith(signature));
  if (known) return known[1];
  const kind = kindOf(bytes);
  if (kind) return kind === 'text' ? textStart(bytes) : kind.toUpperCase();
  return `${bytes.length} bytes (${start.slice(0, 8).replace(/(..)(?=.)/g, '$1 ')} …)`;
}
function textStart(bytes: Uint8Array): string {
  const [line] = new TextDecoder().decode(bytes.subarray(0, 200)).trimStart().split('\n');
  return `“${line.length > 40 ? `${line.slice(0, 40)}…` : line}”`;
}
