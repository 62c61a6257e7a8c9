/** codebook: a table of up to 256 values, and which of them each weight is (Han et al. 2016, Deep Compression). */
import type { Buffers, Form, PackSource, Places } from '../types';
import type { CodebookPlaces } from './contract';
import { indexAt, indexBytes } from './layout';
import { codebookVariants } from './wgsl';

const MOST = 256;
/** The names of the indices say how many bits each has. */
const bitsOf = (packed: object): 4 | 8 => ('indices4' in packed ? 4 : 8);

/** Undefined where there are more values than that (by their bits: -0 is not 0) or one is not finite. */
function pack({ shape, values }: PackSource): Buffers | undefined {
  const known = new Map<number, number>();
  const patterns = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (const bits of patterns) {
    if (known.has(bits)) continue;
    if (known.size === MOST) return undefined;
    known.set(bits, known.size);
  }
  const bits = known.size <= 16 ? 4 : 8;
  const table = new Float32Array(2 ** bits);
  new Uint32Array(table.buffer).set([...known.keys()]);
  if (!table.every(Number.isFinite)) return undefined;
  const indices = new Uint8Array(indexBytes(shape.in, shape.out, bits));
  for (let k = 0; k < shape.in; k++) {
    for (let o = 0; o < shape.out; o++) {
      const { index, shift } = indexAt(shape.in, k, o, bits);
      indices[index] |= known.get(patterns[k * shape.out + o])! << shift;
    }
  }
  return { table, [`indices${bits}`]: indices };
}
function placesOf(packed: Places): CodebookPlaces {
  const bits = bitsOf(packed);
  return { table: packed.table, indices: packed[`indices${bits}`], bits };
}

export const codebook: Form = {
  id: 'codebook',
  exact: true,
  pack,
  macs: (s) => s.in * s.out,
  scratch: (machine, s, rows) => machine.scratchCodebook(s, rows),
  forward: (machine, s, x, packed, bias, y, rows, relu) =>
    machine.codebookForward(s, x, placesOf(packed), bias, y, rows, relu),
  gpu: (s, packed, call) => codebookVariants(s, bitsOf(packed), call),
};
