/**
 * Blocks in the origin's private file system, from a worker. A block is written under another name (`.part`) and
 * moved when it is whole: a tab that is closed in between leaves nothing that looks like a block.
 */
import type { BlockStore } from './types';

/** What the DOM's types know only inside a worker, or not yet. */
interface SyncHandle {
  write(bytes: Uint8Array, options?: { at: number }): number;
  flush(): void;
  close(): void;
}
type WorkerFile = FileSystemFileHandle & {
  createSyncAccessHandle?(): Promise<SyncHandle>;
  move?(name: string): Promise<void>;
};

const ROOT = 'winnow-data';
const PART = '.part';
const isMissing = (error: unknown) => (error as Error)?.name === 'NotFoundError';

/**
 * @param storage the browser's; where it or the file system in it is missing or forbidden, this throws
 * @param path folders below the root: data set, version. Other versions of the data set are removed
 */
export async function openOpfs(
  storage: StorageManager,
  [id, version]: readonly [id: string, version: string],
): Promise<BlockStore> {
  const root = await storage.getDirectory();
  const all = await root.getDirectoryHandle(ROOT, { create: true });
  const set = await all.getDirectoryHandle(id, { create: true });
  const folder = await set.getDirectoryHandle(version, { create: true });
  await probe(folder);
  await tidy(set, (name) => name !== version);
  // What another tab is writing at this moment is locked, and stays.
  await tidy(folder, (name) => name.endsWith(PART));
  return {
    async get(sum) {
      try {
        const file = await (await folder.getFileHandle(sum)).getFile();
        return new Uint8Array(await file.arrayBuffer());
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    put: (sum, parts) => write(folder, sum, parts),
    async drop(sum) {
      await folder.removeEntry(sum).catch(() => {});
    },
  };
}

const partName = (name: string) => `${name}.${Math.random().toString(36).slice(2)}${PART}`;

/** Old browsers have the folders, but not the two calls that are needed here: better known before the download. */
async function probe(folder: FileSystemDirectoryHandle): Promise<void> {
  const name = partName('probe');
  const file: WorkerFile = await folder.getFileHandle(name, { create: true });
  const able = file.createSyncAccessHandle !== undefined && file.move !== undefined;
  await folder.removeEntry(name);
  if (!able) throw new Error('this browser cannot write to its private file system');
}

async function write(
  folder: FileSystemDirectoryHandle,
  name: string,
  parts: readonly Uint8Array[],
): Promise<void> {
  const part = partName(name);
  const file: WorkerFile = await folder.getFileHandle(part, { create: true });
  try {
    const handle = await file.createSyncAccessHandle!();
    try {
      let at = 0;
      for (const bytes of parts) {
        const written = handle.write(bytes, { at });
        if (written !== bytes.length) throw new DOMException('the disk is full', 'QuotaExceededError');
        at += written;
      }
      handle.flush();
    } finally {
      handle.close();
    }
    await file.move!(name);
  } catch (error) {
    await folder.removeEntry(part).catch(() => {});
    throw error;
  }
}

async function tidy(folder: FileSystemDirectoryHandle, old: (name: string) => boolean): Promise<void> {
  const names: string[] = [];
  for await (const name of folder.keys()) if (old(name)) names.push(name);
  for (const name of names) await folder.removeEntry(name, { recursive: true }).catch(() => {});
}
