/** Network files that this page or worker knows. Each keeps a list of its own. */
import type { NetworkFile } from './types';

const known = new Map<string, NetworkFile>();
export const networkFiles = (): NetworkFile[] => [...known.values()];
export const networkFile = (id: string): NetworkFile | undefined => known.get(id);
export const registerFile = (file: NetworkFile): void => void known.set(file.id, file);
