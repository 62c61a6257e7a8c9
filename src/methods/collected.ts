/** Made by scripts/registries.mjs from the files beside this one; not to be edited. */
import { compact } from './compact';
import { factorize } from './factorize';
import { gates } from './gates';
import { gradual } from './gradual';
import { open } from './open';
import { pruneUnits } from './prune-units';
import { prune } from './prune';
import { quantize } from './quantize';
import { reinit } from './reinit';
import { rewind } from './rewind';
import { sparsify } from './sparsify';
import { threshold } from './threshold';
import { train } from './train';

export const collected = [
  compact,
  factorize,
  gates,
  gradual,
  open,
  pruneUnits,
  prune,
  quantize,
  reinit,
  rewind,
  sparsify,
  threshold,
  train,
] as const;
