import { WinnowError } from '../spec/problem';
import { cifar10 } from './cifar-10';
import { fashionMnist } from './fashion-mnist';
import { mnist } from './mnist';
import type { DatasetInfo } from './types';

/** Every data set the lab knows, in the order of the menu. */
export const datasets: readonly DatasetInfo[] = [mnist, fashionMnist, cifar10];

/** @throws WinnowError (path `data`) that lists the known ids. */
export function datasetInfo(id: string): DatasetInfo {
  const info = datasets.find((d) => d.id === id);
  if (info) return info;
  const allowed = datasets.map((d) => d.id).join(', ');
  throw new WinnowError({
    code: 'data.unknown',
    path: 'data',
    message: `must be one of ${allowed}, got ${JSON.stringify(id)}`,
    values: { allowed, found: String(id) },
  });
}
