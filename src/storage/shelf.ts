/** Things kept between visits, in IndexedDB: what describes them and their bytes apart, so that the list is cheap. */
import { storesOf } from './stores';

export interface Shelf<Info extends { id: string }, Bytes> {
  /** Everything kept; empty where storage is forbidden. */
  list(): Promise<Info[]>;
  /** @throws what the browser throws when storage is full or forbidden; nothing is kept then */
  keep(info: Info, bytes: Bytes): Promise<void>;
  /** Undefined where it is not there. @throws what the browser throws when storage is forbidden */
  load(id: string): Promise<Bytes | undefined>;
  remove(id: string): Promise<void>;
}

/** @param name of the database. One connection per thread, closed where another thread needs a newer form of it. */
export function shelf<Info extends { id: string }, Bytes>(name: string): Shelf<Info, Bytes> {
  const open = storesOf<Info, Bytes>(name);
  return {
    async list() {
      try {
        if (typeof indexedDB === 'undefined') return [];
        return await (await open()).getAll('info');
      } catch {
        return [];
      }
    },
    async keep(info, bytes) {
      const transaction = (await open()).transaction(['info', 'bytes'], 'readwrite');
      await Promise.all([
        transaction.objectStore('bytes').put(bytes, info.id),
        transaction.objectStore('info').put(info),
        transaction.done,
      ]);
    },
    load: async (id) => (await open()).get('bytes', id),
    async remove(id) {
      const transaction = (await open()).transaction(['info', 'bytes'], 'readwrite');
      await Promise.all([
        transaction.objectStore('bytes').delete(id),
        transaction.objectStore('info').delete(id),
        transaction.done,
      ]);
    },
  };
}
