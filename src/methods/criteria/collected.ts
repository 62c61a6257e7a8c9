/** Made by scripts/registries.mjs from the files beside this one; not to be edited. */
import { magnitude } from './magnitude';
import { random } from './random';

export const collected = [
  magnitude,
  random,
] as const;
