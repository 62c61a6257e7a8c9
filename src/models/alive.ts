/** Units that masks have taken out of a network of the old size. */
import { placed } from './axes';
import { kernelName } from './build';
import { isProducer, type UnitGroup } from './groups';
import type { Arch, Weights } from './types';

/**
 * Per unit of the group 1 where all of its weights into readers are masked, so that whatever it gives reaches nobody;
 * else 0. A group that nobody reads has no such unit.
 */
export function maskedUnits(
  { arch, masks }: Weights & { readonly arch: Arch },
  group: UnitGroup,
): Uint8Array {
  const gone = new Uint8Array(group.units);
  const readers = placed(arch).filter(({ layer, reads }) => isProducer(layer) && reads?.id === group.id);
  if (readers.length === 0 || readers.some(({ layer }) => !masks[kernelName(layer)])) return gone;
  gone.fill(1);
  for (const { layer, tensors } of readers) {
    const mask = masks[kernelName(layer)];
    const [[, [, inputs, outputs]]] = tensors;
    for (let i = 0; i < mask.length; i++) if (mask[i] === 1) gone[Math.floor(i / outputs) % inputs] = 0;
  }
  return gone;
}
