/**
 * Where checked blocks are kept between visits: the private file system, else Cache Storage, else (for this visit)
 * memory. Blocks and not files: they are the same whichever host they came from, need no decoding at the next visit,
 * and each has a sha256, known beforehand, by which it is found and checked again.
 */
import { messageOf } from '../../spec/problem';
import { openOpfs } from './opfs';
import type { BlockStore } from './types';

/** What a browser has for keeping things; either may be missing or throw. */
export interface Storages {
  storage?: StorageManager;
  caches?: CacheStorage;
}

const NAME = 'winnow-data';

async function openCacheStorage(caches: CacheStorage, folder: string): Promise<BlockStore> {
  const cache = await caches.open(NAME);
  const key = (sum: string) => `/${NAME}/${folder}/${sum}`;
  return {
    async get(sum) {
      const hit = await cache.match(key(sum));
      return hit && new Uint8Array(await hit.arrayBuffer());
    },
    put: (sum, parts) => cache.put(key(sum), new Response(new Blob(parts as Uint8Array<ArrayBuffer>[]))),
    async drop(sum) {
      await cache.delete(key(sum));
    },
  };
}

function memory(): BlockStore {
  const blocks = new Map<string, readonly Uint8Array[]>();
  return {
    get: async (sum) => {
      const parts = blocks.get(sum);
      return parts && new Uint8Array(await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer());
    },
    put: async (sum, parts) => void blocks.set(sum, parts),
    drop: async (sum) => void blocks.delete(sum),
  };
}

/** One data set's blocks. Never fails: what cannot be kept is fetched again. */
export interface BlockCache {
  get(sum: string): Promise<Uint8Array | undefined>;
  put(sum: string, labels: Uint8Array, pixels: Uint8Array): Promise<void>;
  drop(sum: string): Promise<void>;
}

/**
 * @param path data set and version
 * @param onRefused told why nothing (more) can be kept beyond this visit; more than once, if it comes to that
 */
export async function openCache(
  { storage, caches }: Storages,
  path: readonly [id: string, version: string],
  onRefused: (reason: string) => void,
): Promise<BlockCache> {
  let store = await firstThatOpens(
    [
      storage?.getDirectory && (() => openOpfs(storage, path)),
      caches && (() => openCacheStorage(caches, path.join('/'))),
    ],
    onRefused,
  );
  return {
    get: (sum) => store.get(sum).catch(() => undefined),
    drop: (sum) => store.drop(sum).catch(() => {}),
    async put(sum, labels, pixels) {
      try {
        await store.put(sum, [labels, pixels]);
      } catch (error) {
        onRefused(wordsFor(error));
        store = memory();
        await store.put(sum, [labels, pixels]);
      }
    },
  };
}

async function firstThatOpens(
  ways: ((() => Promise<BlockStore>) | undefined)[],
  onRefused: (reason: string) => void,
): Promise<BlockStore> {
  let reason = 'this browser has no storage for it';
  for (const open of ways)
    try {
      if (open) return await open();
    } catch (error) {
      reason = wordsFor(error);
    }
  onRefused(reason);
  return memory();
}

function wordsFor(error: unknown): string {
  const name = (error as Error)?.name;
  if (name === 'QuotaExceededError') return 'there is no room left for this site';
  if (name === 'SecurityError' || name === 'NotAllowedError') return 'the browser forbids it';
  return messageOf(error);
}
