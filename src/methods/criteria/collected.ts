/** Made by scripts/registries.mjs from the files beside this one; not to be edited. */
import { magnitude } from './magnitude';
import { obsLayer } from './obs-layer';
import { obs } from './obs';
import { random } from './random';

export const collected = [
  magnitude,
  obsLayer,
  obs,
  random,
] as const;
