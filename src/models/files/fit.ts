/** Does a network of a file go with the data at hand? */
import type { Problem } from '../../spec/problem';
import { outputSize } from '../build';
import type { Arch } from '../types';

/** Image [h, w, c] and number of classes that a network is made for. */
export const interfaceOf = ({ input, layers }: Arch) => ({
  image: input,
  classes: outputSize(layers[layers.length - 1])[2],
});

/**
 * @param wanted any network that fits the data
 * @param name of the file, for the message
 * @returns the refusal, which names both sides; undefined where it fits
 */
export function fit(file: Arch, wanted: Arch, name: string): Problem | undefined {
  const [has, needs] = [interfaceOf(file), interfaceOf(wanted)];
  if (has.image.join() === needs.image.join() && has.classes === needs.classes) return undefined;
  const values = {
    name,
    image: has.image.join(' × '),
    classes: has.classes,
    dataImage: needs.image.join(' × '),
    dataClasses: needs.classes,
  };
  return {
    code: 'open.misfit',
    path: '',
    message: `${name} takes images of ${values.image} and tells ${values.classes} classes apart; the data have images of ${values.dataImage} and ${values.dataClasses} classes`,
    values,
  };
}
