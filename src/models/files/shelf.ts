/** Opened network files kept between visits. */
import { shelf } from '../../storage/shelf';
import type { NetworkFile } from './types';

const files = shelf<NetworkFile, Uint8Array>('winnow-files');
export const { list: listFiles, keep: keepFile } = files;

/** Undefined where it is not here, or storage is forbidden. */
export async function loadFile(id: string): Promise<Uint8Array | undefined> {
  if (typeof indexedDB === 'undefined') return undefined;
  return files.load(id).catch(() => undefined);
}
