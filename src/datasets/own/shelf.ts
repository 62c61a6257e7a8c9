/** Own data sets kept between visits, in IndexedDB: what describes them and their bytes apart, so that the list is cheap. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { DatasetInfo, SplitName } from '../types';
import type { OwnSplits } from './types';

export type OwnBytes = Record<SplitName, { labels: Uint8Array; pixels: Uint8Array }>;
interface Shelf extends DBSchema {
  info: { key: string; value: DatasetInfo };
  bytes: { key: string; value: OwnBytes };
}

/** One connection per thread, closed where another thread needs a newer form of the database. */
let opening: Promise<IDBPDatabase<Shelf>> | undefined;
function open(): Promise<IDBPDatabase<Shelf>> {
  opening ??= openDB<Shelf>('winnow-own', 1, {
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
export async function listOwn(): Promise<DatasetInfo[]> {
  if (typeof indexedDB === 'undefined') return [];
  try {
    return await (await open()).getAll('info');
  } catch {
    return [];
  }
}

/** @throws what the browser throws when storage is full or forbidden; nothing is kept then */
export async function keepOwn(info: DatasetInfo, { train, val, test }: OwnSplits): Promise<void> {
  // Copies: shared memory cannot be stored.
  const bytes = ({ labels, pixels }: { labels: Uint8Array; pixels: Uint8Array }) => ({
    labels: labels.slice(),
    pixels: pixels.slice(),
  });
  const transaction = (await open()).transaction(['info', 'bytes'], 'readwrite');
  await Promise.all([
    transaction
      .objectStore('bytes')
      .put({ train: bytes(train), val: bytes(val), test: bytes(test) }, info.id),
    transaction.objectStore('info').put(info),
    transaction.done,
  ]);
}
export async function loadOwn(id: string): Promise<OwnBytes | undefined> {
  return (await open()).get('bytes', id);
}
export async function removeOwn(id: string): Promise<void> {
  const transaction = (await open()).transaction(['info', 'bytes'], 'readwrite');
  await Promise.all([
    transaction.objectStore('bytes').delete(id),
    transaction.objectStore('info').delete(id),
    transaction.done,
  ]);
}
