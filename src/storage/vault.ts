/** Records of finished trainings in IndexedDB. */
import { storesOf } from './stores';

export interface Entry {
  id: string;
  bytes: Uint8Array;
}

/** Every call throws what the browser throws where storage is full or forbidden. @param name of the database */
export function vaultStore(name = 'winnow-studies') {
  const open = storesOf<{ id: string; bytes: number }, Uint8Array>(name);
  const writing = async () => (await open()).transaction(['info', 'bytes'], 'readwrite');
  return {
    async list() {
      return (await open()).getAll('info');
    },
    async load(id: string) {
      return (await open()).get('bytes', id);
    },
    /** All or none, in one transaction. What is there already stays as it is. */
    async keep(entries: readonly Entry[]) {
      const transaction = await writing();
      const [info, bytes] = [transaction.objectStore('info'), transaction.objectStore('bytes')];
      const puts = entries.map(async (entry) => {
        if ((await info.getKey(entry.id)) !== undefined) return;
        await Promise.all([
          bytes.put(entry.bytes, entry.id),
          info.put({ id: entry.id, bytes: entry.bytes.byteLength }),
        ]);
      });
      await Promise.all([...puts, transaction.done]);
    },
    async remove(ids: readonly string[]) {
      const transaction = await writing();
      const gone = ids.flatMap((id) => [
        transaction.objectStore('bytes').delete(id),
        transaction.objectStore('info').delete(id),
      ]);
      await Promise.all([...gone, transaction.done]);
    },
    async clear() {
      const transaction = await writing();
      await Promise.all([
        transaction.objectStore('bytes').clear(),
        transaction.objectStore('info').clear(),
        transaction.done,
      ]);
    },
  };
}
