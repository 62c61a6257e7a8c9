/**
 * A small study of tickets on LeNet-300-100, and everything another program needs to do the same: images, the
 * weights it begins with, and which images each step sees. `npx tsx src/studies/testing/hand-over.ts FILE` writes it for
 * goldens/imp.py.
 */
import { writeFileSync } from 'node:fs';
import { holdOwn } from '../../datasets/own/open';
import type { DatasetInfo, SplitName } from '../../datasets/types';
import { uniform } from '../../engine/device/trial';
import { dataOrder } from '../../engine/order';
import { initialState } from '../../engine/state';
import { tensorsOf } from '../../models/tensors';
import { studyArch } from '../index';
import { study } from './studies';

const DATA = 'own-1eee71c4e7a0';
const COUNTS = { train: 1000, val: 200, test: 200 };
const SIZE = 28 * 28;
export const STEPS = 40;
export const ROUNDS = 3;
const BATCH = 60;

/** Dark noise with a few bright pixels that tell the class. */
function splitOf<Name extends SplitName>(split: Name, seed: number) {
  const total = COUNTS[split];
  const [dark, any] = [uniform(seed), uniform(seed + 1)];
  const pixels = Uint8Array.from({ length: total * SIZE }, () => Math.floor(dark() * 128));
  const labels = Uint8Array.from({ length: total }, () => Math.floor(any() * 10));
  labels.forEach((label, i) => {
    for (let k = 0; k < 9; k++) pixels[i * SIZE + ((label * 37 + k * 5) % SIZE)] += 60;
  });
  const shape = [28, 28, 1] as const;
  return { split, count: total, total, pixels, labels, shape, scale: 1 / 255, shift: 0 };
}
const SPLITS = { train: splitOf('train', 11), val: splitOf('val', 13), test: splitOf('test', 15) };

/** Makes the images a data set, and gives the study of them. */
export function handedStudy() {
  const info: DatasetInfo = {
    ...{ id: DATA, name: 'handed over', classes: [...'0123456789'], counts: COUNTS, digits: false },
    ...{ shape: [28, 28, 1], licence: '', citation: { text: '' }, source: '' },
  };
  holdOwn({ info, splits: SPLITS });
  const values = { rounds: ROUNDS, steps: STEPS, batch: BATCH, evalEvery: 20, reinit: false };
  return study(values, { data: DATA, seeds: { init: 3, order: 5, method: 7 } });
}

/**
 * Bytes of training pixels and labels, validation pixels and labels, then little-endian float32 weights in the order
 * of the layers (kernels [in, out], bias after kernel), then uint32 indices [trainings, STEPS, BATCH].
 */
export function handedOver(): Uint8Array {
  const handed = handedStudy();
  const arch = studyArch(handed);
  const { tensors } = initialState(arch, handed.seeds, 0);
  const orders = Array.from({ length: ROUNDS + 1 }, (_, training) => {
    const order = dataOrder(COUNTS.train, BATCH, handed.seeds.order, 0, training);
    return Array.from({ length: STEPS }, (_, step) => order(step).slice());
  });
  const parts: (Uint8Array | Float32Array | Uint32Array)[] = [
    ...[SPLITS.train.pixels, SPLITS.train.labels, SPLITS.val.pixels, SPLITS.val.labels],
    ...tensorsOf(arch).map(({ name }) => tensors[name]),
    ...orders.flat(),
  ];
  return Buffer.concat(parts.map((p) => new Uint8Array(p.buffer, p.byteOffset, p.byteLength)));
}

const [script, file] = process.argv.slice(1);
if (script?.endsWith('hand-over.ts') && file) writeFileSync(file, handedOver());
