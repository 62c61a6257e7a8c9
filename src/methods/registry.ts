/** Every method there is. A new one is a file beside this and a line here; everything else is derived. */
import { WinnowError } from '../spec/problem';
import { factorize } from './factorize';
import { open } from './open';
import { prune } from './prune';
import { quantize } from './quantize';
import { reinit } from './reinit';
import { rewind } from './rewind';
import { train } from './train';
import type { Method } from './types';

export const methods: readonly Method[] = [train, prune, quantize, factorize, rewind, reinit, open];

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
