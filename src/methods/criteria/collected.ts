/** Made by scripts/registries.mjs from the files beside this one; not to be edited. */
import { gradient } from './gradient';
import { magnitude } from './magnitude';
import { obd } from './obd';
import { obsLayer } from './obs-layer';
import { obs } from './obs';
import { random } from './random';
import { snip } from './snip';
import { taylorAbs } from './taylor-abs';
import { taylor } from './taylor';

export const collected = [
  gradient,
  magnitude,
  obd,
  obsLayer,
  obs,
  random,
  snip,
  taylorAbs,
  taylor,
] as const;
