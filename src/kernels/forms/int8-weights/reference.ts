/** Weights of a few bits by plain loops, in double precision. Contract: contract.ts. */
import type { DenseShape } from '../../dense/contract';
import { clip } from '../../dense/reference';
import type { Ptr } from '../../memory';
import { nibbleIndex, quadIndex } from '../coded';
import type { BytePlaces } from '../int8/contract';
import type { UnpackOps } from './contract';

export function unpackOps(view: () => Float32Array, raw: () => Uint8Array): UnpackOps {
  type Code = (s: DenseShape, codes: Ptr, k: number, o: number) => number;
  const forward =
    (code: Code): UnpackOps['int4Forward'] =>
    (s, x, w: BytePlaces, bias, y, rows, relu) => {
      const f = view();
      const offsets = new Int32Array(raw().buffer, w.offsets, s.out);
      for (let i = 0; i < rows; i++) {
        for (let o = 0; o < s.out; o++) {
          let sum = 0;
          for (let k = 0; k < s.in; k++)
            sum += f[x / 4 + i * s.in + k] * (code(s, w.codes, k, o) - offsets[o]);
          sum = sum * f[w.scales / 4 + o] + (bias ? f[bias / 4 + o] : 0);
          f[y / 4 + i * s.out + o] = relu ? clip(sum) : sum;
        }
      }
    };
  return {
    scratchUnpack: () => 0,
    int8WeightsForward: forward((s, codes, k, o) => (raw()[codes + quadIndex(s.in, k, o)] << 24) >> 24),
    int4Forward: forward((s, codes, k, o) => {
      const { index, shift } = nibbleIndex(s.in, k, o);
      return (raw()[codes + index] << (28 - shift)) >> 28;
    }),
  };
}
