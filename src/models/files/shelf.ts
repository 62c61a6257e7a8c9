/** Opened network files kept between visits, in IndexedDB: what describes them and their bytes apart. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { NetworkFile } from './types';

interface Shelf extends DBSchema {
  info: { key: string; value: NetworkFile };
  bytes: { key: string; value: Uint8Array };
}
/** One connection per thread, closed where another thread needs a newer form of the database. */
let opening: Promise<IDBPDatabase<Shelf>> | undefined;
function open(): Promise<IDBPDatabase<Shelf>> {
  opening ??= openDB<Shelf>('winnow-files', 1, {
    upgrade(db) {
      db.createObjectStore('info', { keyPath: 'id' });
      db.createObjectStore('bytes');
    },
    blocking: (_, __, event) => (event.target as IDBDatabase).close(),
    terminated() {
      opening = undefined;
    },
  });
  opening.catch(() => {
    opening = undefined;
  });
  return opening;
}

/** Everything kept here; empty where storage is forbidden. */
export async function listFiles(): Promise<NetworkFile[]> {
  if (typeof indexedDB === 'undefined') return [];
  try {
    return await (await open()).getAll('info');
  } catch {
    return [];
  }
}
/** @throws what the browser throws when storage is full or forbidden; nothing is kept then */
export async function keepFile(info: NetworkFile, bytes: Uint8Array): Promise<void> {
  const transaction = (await open()).transaction(['info', 'bytes'], 'readwrite');
  await Promise.all([
    transaction.objectStore('bytes').put(bytes, info.id),
    transaction.objectStore('info').put(info),
    transaction.done,
  ]);
}
/** Undefined where it is not here, or storage is forbidden. */
export async function loadFile(id: string): Promise<Uint8Array | undefined> {
  if (typeof indexedDB === 'undefined') return undefined;
  try {
    return await (await open()).get('bytes', id);
  } catch {
    return undefined;
  }
}
