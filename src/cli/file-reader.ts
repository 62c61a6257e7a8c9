import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataProblem } from '../datasets/problems';
import type { ReadFile } from '../datasets/types';

/** Where scripts/data.mjs puts the shards of one data set. */
export const dataDir = (id: string): string =>
  fileURLToPath(new URL(`../../public/data/${id}/`, import.meta.url));

/** Reads files of one data set's folder from disk, for Node. */
export function fileReader(dir: string): ReadFile {
  return async (file, signal) => {
    try {
      return new Uint8Array(await readFile(join(dir, file), { signal }));
    } catch (error) {
      const { code = String(error) } = error as NodeJS.ErrnoException;
      throw dataProblem('missing', `${basename(dir)}/${file}`, `cannot be read (${code})`, { reason: code });
    }
  };
}
