/** The stored form: a compressed network as one file. See encode.ts for its format. */
export { decode } from './decode';
export { encode, encodeSources, layout } from './encode';
export { type Sources, sourcesOf, type TensorSource } from './source';
