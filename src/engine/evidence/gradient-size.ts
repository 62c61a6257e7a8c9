/** Mean over the images of |dL_i/dw|. */
import { perImage } from './gradient';
import type { GaugeOf } from './types';

export const gradientSize: GaugeOf<'gradientSize'> = perImage('size');
