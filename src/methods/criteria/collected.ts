/** Made by scripts/registries.mjs from the files beside this one; not to be edited. */
import { gradient } from './gradient';
import { magnitude } from './magnitude';
import { obsLayer } from './obs-layer';
import { obs } from './obs';
import { obd } from './obd';
import { random } from './random';
import { snip } from './snip';
import { taylorAbs } from './taylor-abs';
import { taylor } from './taylor';

export const collected = [
  gradient,
  magnitude,
  obsLayer,
  obs,
  obd,
  random,
  snip,
  taylorAbs,
  taylor,
] as const;
