/**
 * How training images are moved about: a pure function of seed, replicate, the number of the training and the step,
 * so that every backend sees the same pictures however its steps fall into blocks and wherever it was taken up again.
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { MOVE_BYTES } from '../kernels/gather/contract';
import type { TrainValues } from '../methods/train';
import { drawName } from './order';
import { stream } from './rng';

/** Zeros around an image before a crop of its own size is taken: shifts go from -4 to 4. */
export const PAD = 4;

/**
 * Moves of step t, [batch, MOVE_BYTES] as kernels/gather/contract.ts has them; undefined for `none`. Flip and shift
 * are always drawn both, so that each choice of the two makes the same draw.
 * @param draw of the data order, as in order.ts
 */
export function dataMoves(
  augment: TrainValues['augment'],
  batch: number,
  seed: number,
  replicate: number,
  training: number,
  draw = 0,
): ((step: number) => Int8Array) | undefined {
  if (augment === 'none') return undefined;
  const [flips, crops] = [augment !== 'crop', augment !== 'flip'];
  return (step) => {
    const rng = stream(seed, 'moves', replicate, training, step, ...drawName(draw));
    const moves = new Int8Array(batch * MOVE_BYTES);
    for (let i = 0; i < moves.length; i += MOVE_BYTES) {
      const [flip, down, right] = [
        uniformInt(rng, 0, 1),
        uniformInt(rng, -PAD, PAD),
        uniformInt(rng, -PAD, PAD),
      ];
      if (flips) moves[i] = flip;
      if (crops) moves.set([down, right], i + 1);
    }
    return moves;
  };
}
