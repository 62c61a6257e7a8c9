/** Does a network of a file go with the data at hand? */
import type { Problem } from '../../spec/problem';
import { outputSize } from '../build';
import type { Arch, Size } from '../types';

export interface Interface {
  /** [h, w, c] */
  image: Size;
  classes: number;
}
export const interfaceOf = ({ input, layers }: Arch): Interface => ({
  image: input,
  classes: outputSize(layers[layers.length - 1])[2],
});

/**
 * @param name of the file, for the message
 * @param data name of the data, where it is known
 * @returns the refusal, which names both sides; undefined where the network fits
 */
export function misfit(arch: Arch, needs: Interface, name: string, data?: string): Problem | undefined {
  const has = interfaceOf(arch);
  if (has.image.join() === needs.image.join() && has.classes === needs.classes) return undefined;
  const values = {
    name,
    image: has.image.join(' × '),
    classes: has.classes,
    dataImage: needs.image.join(' × '),
    dataClasses: needs.classes,
  };
  return {
    code: data === undefined ? 'open.misfit' : 'open.misfitData',
    path: '',
    message: `${name} takes images of ${values.image} and tells ${values.classes} classes apart; ${data ?? 'the data'}: images of ${values.dataImage}, ${values.dataClasses} classes`,
    values: { ...values, ...(data !== undefined && { data }) },
  };
}
