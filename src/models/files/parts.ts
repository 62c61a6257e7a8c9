/** The bytes of a network file by what they are for. */
/**
 * What the bytes of a file are for. `tables`: code lengths of Huffman codes; `codebooks`: tables of distinct values; `header`: the length in front, and the JSON.
 */
export const PARTS = [
  'values',
  'indices',
  'scales',
  'zeros',
  'codebooks',
  'tables',
  'biases',
  'norms',
  'header',
] as const;
export type Part = (typeof PARTS)[number];
/** Bytes by part. */
export type PartBytes = Readonly<Record<Part, number>>;
export const NO_BYTES: PartBytes = Object.freeze(
  Object.fromEntries(PARTS.map((part) => [part, 0])) as Record<Part, number>,
);
export const sumBytes = (parts: PartBytes): number => PARTS.reduce((sum, part) => sum + parts[part], 0);
export const addBytes = (a: PartBytes, b: PartBytes): PartBytes =>
  Object.fromEntries(PARTS.map((part) => [part, a[part] + b[part]])) as Record<Part, number>;
