/** Files in, data set out. */
import type { DatasetInfo } from '../types';
import { ownId } from './identity';
import { readOwn } from './read';
import { splitOwn } from './split';
import type { OwnFile, OwnSet, Work } from './types';

/**
 * Reads own files and divides them into a data set that is named by its content.
 * @throws WinnowError (code `own.*`) that says what was expected and what was found; Cancelled from `work.turn`
 */
export async function makeOwn(files: readonly OwnFile[], work: Work): Promise<OwnSet> {
  const pool = await readOwn(files, work);
  const { splits, classes, notes } = await splitOwn(pool, work);
  const { train, val, test } = splits;
  const counts = { train: train.count, val: val.count, test: test.count };
  const described = { shape: train.shape, classes, counts };
  const id = await ownId(described, splits, work);
  const info: DatasetInfo = {
    id,
    name: nameOf(files) || id,
    ...described,
    digits: false,
    licence: '',
    citation: { text: '' },
    source: '',
  };
  return { info, format: pool.format, splits, notes: [...notes, ...pool.notes] };
}

const MOST_LETTERS = 32;
/** Folder, or file without its endings, that was dropped; what several have in common. */
function nameOf(files: readonly OwnFile[]): string {
  const names = files.map(
    ({ name, folders }) => folders[0] ?? name.replace(/(\.(gz|tar|tgz|zip|bin|npz|png|parquet|idx))+$/i, ''),
  );
  const [first = ''] = names;
  let common = first.length;
  for (const name of names) while (!name.startsWith(first.slice(0, common))) common--;
  const stem =
    names.length > 1 && common < first.length
      ? first.slice(0, common).replace(/[^\p{L}\p{N}]+$/u, '')
      : first;
  // A letter that several names happen to share says nothing.
  return stem.length > 1 || names.length === 1 ? stem.slice(0, MOST_LETTERS) : '';
}
