/** Every method there is: whatever a file in this folder declares to be one. */
import { WinnowError } from '../spec/problem';
import { collected } from './collected';
import type { Method } from './types';

/** How they stand in the menu; one that is not named here comes after these. */
const ORDER = [
  'train',
  'prune',
  'threshold',
  'prune-units',
  'compact',
  'quantize',
  'factorize',
  'rewind',
  'reinit',
  'rewind-point',
  'shuffle-mask',
  'start-values',
  'small-dense',
  'mask-zero',
  'open',
  'sparsify',
  'gates',
  'gradual',
  'supermask',
];
const place = ({ id }: Method): number => (ORDER.includes(id) ? ORDER.indexOf(id) : ORDER.length);
export const methods: readonly Method[] = [...collected].sort((a, b) => place(a) - place(b));

/** @throws WinnowError that lists the known ids. */
export function methodById(id: string): Method {
  const method = methods.find((m) => m.id === id);
  if (method) return method;
  const allowed = methods.map((m) => m.id).join(', ');
  throw new WinnowError({
    code: 'method.unknown',
    path: 'do',
    message: `must be one of ${allowed}, got ${id}`,
    values: { allowed, found: id },
  });
}
