/** Every network there is. A new one is a file beside this and a line here. */
import { WinnowError } from '../spec/problem';
import { conv2, conv4, conv6 } from './conv-n';
import { lenet5 } from './lenet-5';
import { lenet300 } from './lenet-300-100';
import { MLP_GRAMMAR, mlp, mlpWidths } from './mlp';
import { mobilenetTiny } from './mobilenet';
import { resnet8, resnet20 } from './resnet';
import type { Model } from './types';

/** Those with a name of their own, in the order of the menu; perceptrons of free size come on top. */
export const models: readonly Model[] = [
  lenet300,
  lenet5,
  conv2,
  conv4,
  conv6,
  resnet8,
  resnet20,
  mobilenetTiny,
];

/** The network of an id, `mlp-<units>-...` included. */
export function findModel(id: string): Model | undefined {
  const widths = mlpWidths(id);
  return widths ? mlp(widths) : models.find((m) => m.id === id);
}

/** @throws WinnowError (path `model`) that lists the known ids. */
export function modelById(id: string): Model {
  const model = findModel(id);
  if (model) return model;
  const allowed = [...models.map((m) => m.id), MLP_GRAMMAR].join(', ');
  throw new WinnowError({
    code: 'model.unknown',
    path: 'model',
    message: `must be one of ${allowed}, got ${id}`,
    values: { allowed, found: id },
  });
}
