/** Two stores of one IndexedDB database: what describes things, and their bytes, so that the list is cheap. */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

export interface Stores<Info, Bytes> extends DBSchema {
  info: { key: string; value: Info };
  bytes: { key: string; value: Bytes };
}

/** @param name of the database. One connection per thread, closed where another thread needs a newer form of it. */
export function storesOf<Info, Bytes>(name: string): () => Promise<IDBPDatabase<Stores<Info, Bytes>>> {
  let opening: Promise<IDBPDatabase<Stores<Info, Bytes>>> | undefined;
  const forget = () => {
    opening = undefined;
  };
  return () => {
    opening ??= openDB<Stores<Info, Bytes>>(name, 1, {
      upgrade(db) {
        db.createObjectStore('info', { keyPath: 'id' });
        db.createObjectStore('bytes');
      },
      blocking: (_, __, event) => (event.target as IDBDatabase).close(),
      terminated: forget,
    });
    opening.catch(forget);
    return opening;
  };
}
