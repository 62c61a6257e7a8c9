/**
 * Mean over the images of (dL_i/dw)²: the diagonal of the empirical Fisher matrix. Never the square of the mean
 * gradient, which is close to zero at the end of a training whatever the curvature.
 */
import { perImage } from './gradient';
import type { GaugeOf } from './types';

export const gradientSquare: GaugeOf<'gradientSquare'> = perImage('square');
