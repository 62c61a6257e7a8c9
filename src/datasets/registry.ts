import { WinnowError } from '../spec/problem';
import { cifar10 } from './cifar-10';
import { fashionMnist } from './fashion-mnist';
import { mnist } from './mnist';
import { mnist7x7 } from './mnist-7x7';
import { refuse } from './own/problems';
import { isOwn, ownInfo } from './own/registry';
import type { DatasetInfo } from './types';

/** Every data set the lab knows, in the order of the menu. */
export const datasets: readonly DatasetInfo[] = [mnist, fashionMnist, cifar10, mnist7x7];

/** Of the lab's data sets and of the visitor's own. @throws WinnowError (path `data`) that lists the known ids */
export function datasetInfo(id: string): DatasetInfo {
  const info = datasets.find((d) => d.id === id) ?? ownInfo(id);
  if (info) return info;
  if (isOwn(id)) throw refuse('missing', { id });
  const allowed = datasets.map((d) => d.id).join(', ');
  throw new WinnowError({
    code: 'data.unknown',
    path: 'data',
    message: `must be one of ${allowed}, got ${JSON.stringify(id)}`,
    values: { allowed, found: String(id) },
  });
}

/** Id of the data set whose shards hold the images: its own, or that of the one it is made of. */
export const folderOf = (id: string): string => datasets.find((d) => d.id === id)?.smaller?.of.id ?? id;
