/** Made by scripts/registries.mjs from the files beside this one; not to be edited. */
import { factorize } from './factorize';
import { open } from './open';
import { prune } from './prune';
import { quantize } from './quantize';
import { reinit } from './reinit';
import { rewind } from './rewind';
import { train } from './train';

export const collected = [
  factorize,
  open,
  prune,
  quantize,
  reinit,
  rewind,
  train,
] as const;
