/** One score per unit from what several coupled layers say of it. */

/**
 * Mean over the layers of each layer's scores, which are divided by their own mean first unless they compare as they are.
 * Layers of different width and scale then weigh the same, and the mean score of a group is 1, so that groups can be
 * ranked together. In a single layer the order of the units stays.
 * @param gone 1 for units that are out already: they count in no mean
 */
export function combine(parts: readonly Float32Array[], gone: Uint8Array, absolute: boolean): Float32Array {
  const total = new Float64Array(gone.length);
  for (const part of parts) {
    const scale = absolute ? 1 : meanOf(part, gone);
    // All zero: the layer has nothing to say.
    if (scale === 0) continue;
    for (let j = 0; j < total.length; j++) total[j] += part[j] / (scale * parts.length);
  }
  return Float32Array.from(total);
}

function meanOf(part: Float32Array, gone: Uint8Array): number {
  let sum = 0;
  let count = 0;
  for (let j = 0; j < part.length; j++) {
    if (gone[j] === 1) continue;
    sum += part[j];
    count++;
  }
  return count === 0 ? 0 : sum / count;
}
