import { WinnowError } from '../../spec/problem';

/** A file as the visitor gave it. */
export interface OwnFile {
  name: string;
  bytes: Uint8Array;
}
/** An array read from a file: values row-major, `shape` outermost first. */
export interface OwnArray {
  /** File, and array inside it, for messages. */
  name: string;
  shape: readonly number[];
  values: Uint8Array;
}
/** Labelled images: pixels [count, h, w, c], one label byte each. */
export interface OwnImages {
  shape: readonly [number, number, number];
  count: number;
  pixels: Uint8Array;
  labels: Uint8Array;
}
/** What a set of files holds: images to be split, and a test set of its own where the files say so. */
export interface OwnPool {
  images: OwnImages;
  test?: OwnImages;
}

/** A refusal: which file, what was expected, what was found. */
export const refuseFile = (name: string, expected: string, found: string): WinnowError =>
  new WinnowError({
    code: 'own.file',
    path: 'data',
    message: `${name}: expected ${expected}, found ${found}`,
    values: { name, expected, found },
  });
