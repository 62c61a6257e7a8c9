/** Which part of a data set a file is, as far as its name or its folders say, and the order of files. */
export type PartName = 'train' | 'val' | 'test';

const bounded = (words: string) => new RegExp(`(^|[^a-z])(${words})([^a-z]|$)`, 'i');
const exact = (words: string) => new RegExp(`^(${words})$`, 'i');
const WORDS: [PartName, string][] = [
  ['test', 'test|testing|t10k'],
  ['val', 'val|valid|validation|dev'],
  ['train', 'train|training'],
];
const IN_NAMES = WORDS.map(([part, words]) => [part, bounded(words)] as const);
const FOLDERS = WORDS.map(([part, words]) => [part, exact(words)] as const);

/** The innermost name that says something decides: `digits.npz/x_test.npy` is test, `test.npz/x_train.npy` is not. */
export function partOfName(path: string): PartName | undefined {
  for (const name of path.split('/').reverse()) {
    const found = IN_NAMES.find(([, words]) => words.test(name));
    if (found) return found[0];
  }
  return undefined;
}
/** What a folder called exactly train, val, test or alike says. */
export const partOfFolder = (folder: string): PartName | undefined =>
  FOLDERS.find(([, words]) => words.test(folder))?.[0];

/** Numbers by value (2 before 10), the rest by code unit: the same everywhere, so that a link names the same data. */
export function naturally(a: string, b: string): number {
  const [left, right] = [a.match(CHUNKS) ?? [], b.match(CHUNKS) ?? []];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [x, y] = [left[i], right[i]];
    const numbers = isNumber(x) && isNumber(y) ? Number(x) - Number(y) : 0;
    if (numbers) return numbers;
    if (x !== y) return x < y ? -1 : 1;
  }
  return left.length - right.length;
}
const CHUNKS = /\d+|\D+/g;
const isNumber = (chunk: string): boolean => chunk >= '0' && chunk < ':';
