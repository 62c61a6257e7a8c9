/** Made by scripts/registries.mjs from the files beside this one; not to be edited. */
import { compact } from './compact';
import { factorize } from './factorize';
import { gates } from './gates';
import { gradual } from './gradual';
import { maskZero } from './mask-zero';
import { open } from './open';
import { pruneUnits } from './prune-units';
import { prune } from './prune';
import { quantize } from './quantize';
import { reinit } from './reinit';
import { rewindPoint } from './rewind-point';
import { rewind } from './rewind';
import { shuffleMask } from './shuffle-mask';
import { smallDense } from './small-dense';
import { sparsify } from './sparsify';
import { startValues } from './start-values';
import { supermask } from './supermask';
import { threshold } from './threshold';
import { train } from './train';

export const collected = [
  compact,
  factorize,
  gates,
  gradual,
  maskZero,
  open,
  pruneUnits,
  prune,
  quantize,
  reinit,
  rewindPoint,
  rewind,
  shuffleMask,
  smallDense,
  sparsify,
  startValues,
  supermask,
  threshold,
  train,
] as const;
