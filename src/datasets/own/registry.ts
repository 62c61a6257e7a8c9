/** Own data sets that this page or worker knows. Both keep a list of their own and tell each other of changes. */
import { OWN_DATA } from '../../spec/limits';
import type { DatasetInfo } from '../types';

export const isOwn = (id: string): boolean => OWN_DATA.test(id);

const known = new Map<string, DatasetInfo>();
export const ownDatasets = (): DatasetInfo[] => [...known.values()];
export const ownInfo = (id: string): DatasetInfo | undefined => known.get(id);
export const registerOwn = (info: DatasetInfo): void => void known.set(info.id, info);
export const forgetOwn = (id: string): void => void known.delete(id);
