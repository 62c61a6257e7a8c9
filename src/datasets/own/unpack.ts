/** Takes files out of gzip, tar and zip, to any sensible depth. */
import { unzipSync } from 'fflate';
import { Cancelled, messageOf } from '../../spec/problem';
import { megabytes, OWN_LIMITS } from './limits';
import { refuse } from './problems';
import { isTar, readTar } from './tar';
import type { OwnFile, Work } from './types';

export const isZip = (b: Uint8Array): boolean =>
  b[0] === 0x50 && b[1] === 0x4b && ((b[2] === 3 && b[3] === 4) || (b[2] === 5 && b[3] === 6));
const isGzip = (b: Uint8Array): boolean => b[0] === 0x1f && b[1] === 0x8b;
/** What systems put beside files without being asked. */
const SYSTEM = /(^|\/)(__MACOSX\/|\.(?![./])|Thumbs\.db$|desktop\.ini$)/i;
/** Zip contents inflated before others get a turn. */
const BATCH = 16 * 2 ** 20;

/** Room that is left for unpacked bytes, over all archives together. */
interface Room {
  left: number;
}
const take = (room: Room, bytes: number, name: string): void => {
  room.left -= bytes;
  if (room.left < 0) throw refuse('unpacked', { name, max: megabytes(OWN_LIMITS.unpacked) });
};

/**
 * All files, those in archives in place of the archives.
 * @throws WinnowError for a damaged archive, and for one that would fill the memory
 */
export async function unpackAll(files: readonly OwnFile[], work: Work): Promise<OwnFile[]> {
  const room = { left: OWN_LIMITS.unpacked };
  const out: OwnFile[] = [];
  for (const [i, file] of files.entries()) {
    out.push(...(await open(file, room, work, 0)));
    work.tell('unpack', i + 1, files.length);
  }
  return out.filter(
    ({ name, folders, inside }) => !inside || !SYSTEM.test([...folders, base(name)].join('/')),
  );
}
const base = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

async function open(file: OwnFile, room: Room, work: Work, depth: number): Promise<OwnFile[]> {
  const { name, bytes } = file;
  const kind = isGzip(bytes) ? 'gzip' : isZip(bytes) ? 'zip' : isTar(bytes) ? 'tar' : undefined;
  if (!kind) return [file];
  if (depth >= OWN_LIMITS.depth) throw refuse('nested', { name, max: OWN_LIMITS.depth });
  await work.turn();
  let inner: OwnFile[];
  try {
    if (kind === 'gzip') {
      inner = [{ ...file, name: name.replace(/\.gz$/i, ''), bytes: await gunzip(file, room, work) }];
    } else if (kind === 'tar') inner = readTar(bytes).map((entry) => within(file, entry.path, entry.bytes));
    else inner = await unzip(file, room, work);
  } catch (error) {
    if ((error as Error)?.name === 'WinnowError' || error instanceof Cancelled) throw error;
    throw refuse('damaged', { name, what: kind, reason: messageOf(error) });
  }
  const out: OwnFile[] = [];
  for (const each of inner) out.push(...(await open(each, room, work, depth + 1)));
  return out;
}

function within(archive: OwnFile, path: string, bytes: Uint8Array): OwnFile {
  const folders = path.split('/').filter((part) => part !== '' && part !== '.');
  folders.pop();
  return { name: `${archive.name}/${path}`, bytes, folders: [...archive.folders, ...folders], inside: true };
}

async function gunzip({ name, bytes }: OwnFile, room: Room, work: Work): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const source = new Blob([bytes as Uint8Array<ArrayBuffer>]);
  const reader = source.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      take(room, value.length, name);
      if (length >> 22 !== (length + value.length) >> 22) await work.turn();
      length += value.length;
      parts.push(value);
    }
  } catch (error) {
    await reader.cancel().catch(() => {});
    throw error;
  }
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Entries in the order of the archive; their sizes are known, and checked, before anything is inflated. */
async function unzip(file: OwnFile, room: Room, work: Work): Promise<OwnFile[]> {
  const batches: Set<string>[] = [];
  let size = Number.POSITIVE_INFINITY;
  unzipSync(file.bytes, {
    filter: ({ name, originalSize }) => {
      if (name.endsWith('/') || SYSTEM.test(name)) return false;
      take(room, originalSize, file.name);
      if (size + originalSize > BATCH) {
        batches.push(new Set());
        size = 0;
      }
      size += originalSize;
      batches.at(-1)!.add(name);
      return false;
    },
  });
  const out: OwnFile[] = [];
  for (const [i, names] of batches.entries()) {
    const entries = unzipSync(file.bytes, { filter: ({ name }) => names.has(name) });
    for (const [path, bytes] of Object.entries(entries)) out.push(within(file, path, bytes));
    work.tell('unpack', i + 1, batches.length);
    await work.turn();
  }
  return out;
}
