/** A data set and a network small enough that a training takes milliseconds, and orders for it. */
import { holdOwn } from '../../../datasets/own/open';
import type { Dataset, DatasetInfo, Examples, SplitName } from '../../../datasets/types';
import { trainParams } from '../../../methods/train';
import type { Arch, NetState } from '../../../models/types';
import { withDefaults } from '../../../spec/defaults';
import { Control } from '../../control';
import { initialState } from '../../state';
import type { TrainValues } from '../../training';
import type { Order } from '../types';

export const arch: Arch = {
  input: [4, 4, 1],
  layers: [
    { kind: 'dense', name: 'fc1', in: 16, out: 12, bias: true, activation: 'relu' },
    { kind: 'dense', name: 'out', in: 12, out: 3, bias: true, activation: 'linear' },
  ],
};

type Make = (bytes: number) => Uint8Array<ArrayBufferLike>;
const plain: Make = (bytes) => new Uint8Array(bytes);

const split = <Name extends SplitName>(name: Name, total: number, make: Make = plain) => {
  const [pixels, labels] = [make(total * 16), make(total)];
  for (let i = 0; i < pixels.length; i++) pixels[i] = ((i * 2654435761) >>> 8) & 255;
  for (let i = 0; i < total; i++) labels[i] = (pixels[i * 16] + pixels[i * 16 + 5]) % 3;
  return {
    split: name,
    count: total,
    total,
    pixels,
    labels,
    shape: [4, 4, 1],
    scale: 1 / 255,
    shift: 0,
  } as const;
};
/** @param make gives the memory of the splits */
export function tinyData(make?: Make) {
  const train: { -readonly [K in keyof Examples<'train'>]: Examples<'train'>[K] } = split('train', 300, make);
  return {
    info: { id: 'tiny' } as Dataset['info'],
    train,
    val: split('val', 60, make),
    test: split('test', 60, make),
    ready: Promise.resolve(),
    complete: Promise.resolve(),
  } satisfies Dataset;
}

export const values = (more: Partial<TrainValues> = {}): TrainValues => ({
  ...(withDefaults(trainParams, {}) as TrainValues),
  ...{ steps: 60, batch: 10, optimizer: 'adam', lr: 0.01, evalEvery: 20, augment: 'flip-crop' },
  ...more,
});
export const state = (replicate: number): NetState =>
  initialState(arch, { init: 1, order: 2, method: 3 }, replicate);
export const order = (rank: number, more: Partial<Order> = {}): Order => ({
  rank,
  state: state(rank),
  values: values(),
  seed: 2,
  replicate: rank,
  card: `recipe.${rank}`,
  data: tinyData(),
  control: new Control(),
  ...more,
});

/** Makes the tiny data a set of its own under this id (`own-` and 12 hexadecimal digits), for whoever opens it. */
export function holdTiny(id: string): void {
  const { train, val, test } = tinyData();
  const counts = { train: train.total, val: val.total, test: test.total };
  const info: DatasetInfo = {
    ...{ id, name: 'tiny', classes: ['a', 'b', 'c'], counts, digits: false },
    ...{ shape: [4, 4, 1], licence: '', citation: { text: '' }, source: '' },
  };
  holdOwn({ info, splits: { train, val, test } });
}
