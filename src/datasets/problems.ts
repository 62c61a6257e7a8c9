import { WinnowError } from '../spec/problem';
import type { DatasetInfo } from './types';

/** What a person can do about a broken file, wherever the lab is served from. */
export const REMEDY = 'Reload the page; if you serve the lab yourself, run `npm run assets -- --force`.';

export type DataFault = 'unreachable' | 'missing' | 'manifest' | 'length' | 'inflate' | 'checksum';

/** A refusal that names the file at fault, e.g. `mnist/train-05000.bin`. */
export function dataProblem(
  fault: DataFault,
  file: string,
  what: string,
  values: Record<string, string | number> = {},
): WinnowError {
  return new WinnowError({
    code: `data.${fault}`,
    path: 'data',
    message: `${file} ${what}. ${REMEDY}`,
    values: { file, ...values },
  });
}

/** The whole data set is not where the lab was told to look: its shards were never made there. */
export function absent({ id, name, source }: DatasetInfo): WinnowError {
  return new WinnowError({
    code: 'data.absent',
    path: 'data',
    message: `${name} is not here: its files were never made. \`npm run assets\` makes them from ${source}.`,
    values: { id, name, source },
  });
}
