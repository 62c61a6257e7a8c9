/** Files out of a drop or a file input, with the folders around them. */
import { OWN_LIMITS } from '../../datasets/own/limits';
import { refuse } from '../../datasets/own/problems';
import type { OwnUpload } from '../../datasets/own/types';

export type Upload = OwnUpload & { file: File };

/** Of a file input; a folder input gives paths. */
export const fromInput = (files: FileList | null): Upload[] =>
  Array.from(files ?? [], (file) => ({ file, path: file.webkitRelativePath || file.name }));

/** Must be called while the event is being handled: the browser forgets what was dropped right after. */
export function fromDrop(transfer: DataTransfer): Promise<Upload[]> {
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry?.() ?? undefined);
  if (entries.some(Boolean)) return walk(entries.filter((e): e is FileSystemEntry => e !== undefined));
  return Promise.resolve(fromInput(transfer.files));
}

/** @throws WinnowError for more files than there may be images */
async function walk(entries: readonly FileSystemEntry[]): Promise<Upload[]> {
  const out: Upload[] = [];
  const waiting = [...entries];
  for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
    if (entry.isDirectory) waiting.push(...(await inside(entry as FileSystemDirectoryEntry)));
    else {
      const file = entry as FileSystemFileEntry;
      out.push({
        file: await new Promise<File>((yes, no) => file.file(yes, no)),
        path: entry.fullPath.slice(1),
      });
    }
    const most = OWN_LIMITS.images[1];
    if (out.length + waiting.length > most * 1.1) throw refuse('many', { max: most, found: `> ${most}` });
  }
  return out;
}

/** A folder gives its entries a hundred at a time. */
async function inside(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((yes, no) => reader.readEntries(yes, no));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

/** One file of results, as the Lottery view saves them; it may be as large as it likes. */
export async function isStudy(uploads: readonly Upload[]): Promise<boolean> {
  const [first, ...more] = uploads;
  if (!first || more.length || first.path.includes('/')) return false;
  return /^\s*\{\s*"winnow"\s*:\s*"study"/.test(await first.file.slice(0, 200).text());
}

const MOST_BYTES = 1_000_000;
/** One file that begins as an object in JSON does is an experiment and no data. */
export async function isExperiment(uploads: readonly Upload[]): Promise<boolean> {
  const [first, ...more] = uploads;
  if (!first || more.length || first.path.includes('/') || first.file.size > MOST_BYTES) return false;
  return (await first.file.slice(0, 200).text())
    .replace(/^\ufeff/, '')
    .trimStart()
    .startsWith('{');
}

/** A header longer than this is none. */
const MOST_HEADER = 2 ** 27;
/**
 * One file that begins as a network file does (the length of a header in JSON, then the header), or is called like
 * one: then a damaged beginning is refused by name rather than taken for images.
 */
export async function isNetwork(uploads: readonly Upload[]): Promise<boolean> {
  const [first, ...more] = uploads;
  if (!first || more.length || first.path.includes('/')) return false;
  if (/\.(winnow|safetensors)$/i.test(first.path)) return true;
  const start = new DataView(await first.file.slice(0, 10).arrayBuffer());
  if (start.byteLength < 10) return false;
  const length = start.getBigUint64(0, true);
  return length >= 2n && length < MOST_HEADER && start.getUint16(8) === OPENING;
}
/** `{"` */
const OPENING = 0x7b22;
