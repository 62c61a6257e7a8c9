/**
 * The order in which a training sees its images: a pure function of seed, replicate and the number of the
 * training, so that all arms of a round see the same batches, and so that when a shard happens to arrive
 * changes nothing.
 */
import { permutation, stream } from './rng';

/** Images per block of the first epoch. */
export const BLOCK = 5000;

/**
 * Indices of step t. The first epoch goes through the data block by block, shuffled within each block, so
 * that training can begin while later shards are still on their way; every later epoch is one shuffle of
 * everything. Steps never straddle epochs: floor(n / batch) steps each (fewer images than one batch: the
 * order is repeated to fill it).
 * @param n number of training images @param batch images a step @param draw another order under the same names; 0: the usual one
 */
export function dataOrder(
  n: number,
  batch: number,
  seed: number,
  replicate: number,
  training: number,
  draw = 0,
) {
  const perEpoch = Math.max(1, Math.floor(n / batch));
  let epoch = -1;
  let order: Uint32Array = new Uint32Array(0);
  return (step: number): Uint32Array => {
    const wanted = Math.floor(step / perEpoch);
    if (wanted !== epoch) {
      epoch = wanted;
      const rng = stream(seed, 'order', replicate, training, epoch, ...drawName(draw));
      order = epoch === 0 ? blockwise(n, rng) : permutation(n, rng);
    }
    const from = (step % perEpoch) * batch;
    return n >= batch
      ? order.subarray(from, from + batch)
      : Uint32Array.from({ length: batch }, (_, i) => order[i % n]);
  };
}

/** Of a stream: the usual draw is known by none, so that it is what it was before there were others. */
export const drawName = (draw: number): number[] => (draw === 0 ? [] : [draw]);

function blockwise(n: number, rng: ReturnType<typeof stream>): Uint32Array {
  const order = new Uint32Array(n);
  for (let from = 0; from < n; from += BLOCK) {
    const size = Math.min(BLOCK, n - from);
    const within = permutation(size, rng);
    for (let i = 0; i < size; i++) order[from + i] = from + within[i];
  }
  return order;
}
