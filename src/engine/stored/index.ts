/** The stored form: a compressed network as one file. */
import type { NetState } from '../../models/types';
import { encode } from './encode';
import type { Download } from './types';

export { decode } from './decode';
export { encode, encodeSources, layout } from './encode';
export { type Sources, sourcesOf, type TensorSource } from './source';

/** The file of a state, as a browser saves it. @param stem what it is called before the endings */
export function download(state: NetState, stem: string): Download {
  const name = stem.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+|[.-]+$/g, '') || 'network';
  return {
    name: `${name}.winnow.safetensors`,
    type: 'application/octet-stream',
    bytes: encode(state).file,
  };
}
