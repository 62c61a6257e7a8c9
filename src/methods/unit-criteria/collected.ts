/** Made by scripts/registries.mjs from the files beside this one; not to be edited. */
import { apoz } from './apoz';
import { gamma } from './gamma';
import { l1Out } from './l1-out';
import { l1 } from './l1';
import { l2Out } from './l2-out';
import { l2 } from './l2';
import { randomUnits } from './random';
import { taylorUnits } from './taylor';

export const collected = [
  apoz,
  gamma,
  l1Out,
  l1,
  l2Out,
  l2,
  randomUnits,
  taylorUnits,
] as const;
