/** Made by scripts/registries.mjs from the files beside this one; not to be edited. */
import { gradient } from './gradient';
import { largeFinalDiffSign } from './large-final-diff-sign';
import { largeFinalSameSign } from './large-final-same-sign';
import { largeInitLargeFinal } from './large-init-large-final';
import { largeInit } from './large-init';
import { magnitudeIncreaseDiffSign } from './magnitude-increase-diff-sign';
import { magnitudeIncreaseSameSign } from './magnitude-increase-same-sign';
import { magnitudeIncrease } from './magnitude-increase';
import { magnitude } from './magnitude';
import { movement } from './movement';
import { obd } from './obd';
import { obsLayer } from './obs-layer';
import { obs } from './obs';
import { random } from './random';
import { smallFinal } from './small-final';
import { smallInitSmallFinal } from './small-init-small-final';
import { smallInit } from './small-init';
import { snip } from './snip';
import { taylorAbs } from './taylor-abs';
import { taylor } from './taylor';

export const collected = [
  gradient,
  largeFinalDiffSign,
  largeFinalSameSign,
  largeInitLargeFinal,
  largeInit,
  magnitudeIncreaseDiffSign,
  magnitudeIncreaseSameSign,
  magnitudeIncrease,
  magnitude,
  movement,
  obd,
  obsLayer,
  obs,
  random,
  smallFinal,
  smallInitSmallFinal,
  smallInit,
  snip,
  taylorAbs,
  taylor,
] as const;
