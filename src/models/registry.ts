/** Every network there is. A new one is a file beside this and a line here. */
import { WinnowError } from '../spec/problem';
import { conv2, conv4, conv6 } from './conv-n';
import { lenet5 } from './lenet-5';
import { lenet300 } from './lenet-300-100';
import type { Model } from './types';

export const models: readonly Model[] = [lenet300, lenet5, conv2, conv4, conv6];

/** @throws WinnowError that lists the known ids. */
export function modelById(id: string): Model {
  const model = models.find((m) => m.id === id);
  if (model) return model;
  const allowed = models.map((m) => m.id).join(', ');
  throw new WinnowError({
    code: 'model.unknown',
    path: 'model',
    message: `must be one of ${allowed}, got ${id}`,
    values: { allowed, found: id },
  });
}
