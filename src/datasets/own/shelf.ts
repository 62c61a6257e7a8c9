/** Own data sets kept between visits. */
import { shelf } from '../../storage/shelf';
import type { DatasetInfo, SplitName } from '../types';
import type { OwnSplits } from './types';

export type OwnBytes = Record<SplitName, { labels: Uint8Array; pixels: Uint8Array }>;
const own = shelf<DatasetInfo, OwnBytes>('winnow-own');
export const { list: listOwn, load: loadOwn, remove: removeOwn } = own;

/** @throws what the browser throws when storage is full or forbidden; nothing is kept then */
export function keepOwn(info: DatasetInfo, { train, val, test }: OwnSplits): Promise<void> {
  // Copies: shared memory cannot be stored.
  const bytes = ({ labels, pixels }: { labels: Uint8Array; pixels: Uint8Array }) => ({
    labels: labels.slice(),
    pixels: pixels.slice(),
  });
  return own.keep(info, { train: bytes(train), val: bytes(val), test: bytes(test) });
}
