/**
 * What was measured on a device on earlier visits, such as which kernel is fastest for a shape. Kept in the browser;
 * where nothing can be kept it is measured again, and so is what an entry of old code says nothing about.
 */
import { openDB } from 'idb';
import type { Notes } from '../../kernels/webgpu/gpu';

/** Of one device; the oldest go first. */
const MOST = 500;

/** Where notes are kept: one record per device. */
export interface Shelf {
  get(device: string): Promise<unknown>;
  put(device: string, notes: Record<string, string>): Promise<unknown>;
}

/** @param device name of the device, as exact as the browser tells */
export async function openNotes(device: string, shelf: Shelf = browserShelf()): Promise<Notes> {
  const kept = new Map<string, string>(entriesOf(await shelf.get(device).catch(() => undefined)));
  let writing = Promise.resolve();
  let due = false;
  // Notes that are made while one writing goes on are written together.
  const write = () => {
    if (due) return;
    due = true;
    writing = writing.then(async () => {
      due = false;
      await shelf.put(device, Object.fromEntries(kept)).catch(() => {});
    });
  };
  return {
    get: (name) => kept.get(name),
    set(name, value) {
      kept.delete(name);
      kept.set(name, value);
      for (const oldest of kept.keys()) {
        if (kept.size <= MOST) break;
        kept.delete(oldest);
      }
      write();
    },
  };
}

/** Whatever an older or newer version may have left there. */
function entriesOf(record: unknown): [string, string][] {
  if (typeof record !== 'object' || record === null) return [];
  return Object.entries(record).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
}

const STORE = 'notes';
/** IndexedDB, which pages and workers of this origin share. Opened for every access: there are few. */
function browserShelf(): Shelf {
  const open = () =>
    openDB('winnow-devices', 1, {
      upgrade(db) {
        db.createObjectStore(STORE);
      },
    });
  const access = async <T>(work: (db: Awaited<ReturnType<typeof open>>) => Promise<T>): Promise<T> => {
    const db = await open();
    try {
      return await work(db);
    } finally {
      db.close();
    }
  };
  return {
    get: (device) => access((db) => db.get(STORE, device)),
    put: (device, notes) => access((db) => db.put(STORE, notes, device)),
  };
}
