/** Every kind of study there is. A new one is a file beside this and a line here. */
import { WinnowError } from '../spec/problem';
import { unknownChoice } from '../spec/refusals';
import { connectivity } from './connectivity';
import { criteria } from './criteria';
import { maskZero } from './mask-zero';
import { rates } from './rates';
import { signs } from './signs';
import { supermasks } from './supermasks';
import { tickets } from './tickets';
import type { AnyKind } from './types';

/** In the order of the menu. */
export const kinds: readonly AnyKind[] = [
  tickets,
  criteria,
  signs,
  maskZero,
  supermasks,
  connectivity,
  rates,
];
export const findKind = (id: string): AnyKind | undefined => kinds.find((kind) => kind.id === id);

/** @throws WinnowError (path `kind`) that lists the known ids */
export function kindById(id: string): AnyKind {
  const kind = findKind(id);
  if (kind) return kind;
  throw new WinnowError(
    unknownChoice(
      'kind',
      kinds.map((k) => k.id),
      id,
    ),
  );
}
