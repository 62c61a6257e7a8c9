/** Norms of the weights that make a unit and of those that read it. */
import { placed } from '../../models/axes';
import { kernelName } from '../../models/build';
import type { UnitGroup } from '../../models/groups';
import type { NetState } from '../../models/types';

export type Power = 1 | 2;

/**
 * Per layer and unit (sum |w|^p)^(1/p) over the latent weights, zero where pruned; biases do not count.
 * @param side `in`: columns of the layers that make the units; `out`: rows of those that read them, every position of a
 *   flattened image counted. Depthwise filters, which only pass channels on, are on neither side.
 */
export function norms(state: NetState, group: UnitGroup, side: 'in' | 'out', power: Power): Float32Array[] {
  const names = side === 'in' ? group.producers : group.readers;
  return placed(state.arch)
    .filter(({ layer }) => names.includes(layer.name))
    .map(({ layer, tensors }) => {
      const [[, [, inputs, outputs]]] = tensors;
      const kernel = state.tensors[kernelName(layer)];
      const sums = new Float64Array(group.units);
      for (let i = 0; i < kernel.length; i++) {
        const unit = side === 'in' ? i % outputs : Math.floor(i / outputs) % inputs;
        sums[unit] += power === 1 ? Math.abs(kernel[i]) : kernel[i] * kernel[i];
      }
      return Float32Array.from(sums, (s) => (power === 1 ? s : Math.sqrt(s)));
    });
}
