/**
 * Searches come back to the same value of a layer again and again. A tensor that was seen before, bit for bit, is taken
 * in place of its new twin, so that whatever is remembered of it (how it is stored, what is executed) holds.
 */
import { kernelName, weightLayers } from '../../models/build';
import type { NetState } from '../../models/types';
import type { Setting } from '../../worker/api-search';
import { Bounded } from '../bounded';

const LIMIT = 96 * 2 ** 20;

interface Kept {
  tensor: Float32Array;
  mask?: Uint8Array;
}
const bytesOf = ({ tensor, mask }: Kept): number => tensor.byteLength + (mask?.byteLength ?? 0);

export class Twins {
  readonly #kept = new Bounded<Kept>(LIMIT, bytesOf);

  of(state: NetState, setting: Setting): NetState {
    const tensors = { ...state.tensors };
    const masks = { ...state.masks };
    for (const layer of weightLayers(state.arch)) {
      const name = kernelName(layer);
      const kept = this.#seen(`${name} ${setting[layer.name]}`, { tensor: tensors[name], mask: masks[name] });
      tensors[name] = kept.tensor;
      if (kept.mask) masks[name] = kept.mask;
    }
    return { ...state, tensors, masks };
  }

  #seen(key: string, fresh: Kept): Kept {
    const old = this.#kept.get(key);
    if (old && same(old, fresh)) return old;
    this.#kept.set(key, fresh);
    return fresh;
  }
}

const same = (a: Kept, b: Kept): boolean =>
  equal(bits(a.tensor), bits(b.tensor)) &&
  (a.mask === b.mask || (!!a.mask && !!b.mask && equal(a.mask, b.mask)));
/** Floats as bits: -0 and NaNs are values like others. */
const bits = (t: Float32Array) => new Uint32Array(t.buffer, t.byteOffset, t.length);
function equal(a: Uint32Array | Uint8Array, b: Uint32Array | Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
