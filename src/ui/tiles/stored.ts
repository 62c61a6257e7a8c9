/** How a tensor lies in the file, in words: `relative index (5 bit, Huffman) + 4-bit codes (Huffman)`. */
import { i18n } from '../../i18n';
import type { StoredTensor } from '../../worker/api';

const say = (key: string, values?: Record<string, unknown>): string =>
  String(i18n.t(`deploy:stored.${key}` as never, values as never));

export function storedText({ form, bits, indexBits, coding }: StoredTensor): string {
  const [positions, values] = form.split('-');
  const coded = (how: string) => (how === 'raw' ? [] : [say(`coding.${how}`)]);
  const joined = (name: string, more: string[]) =>
    more.length ? say('with', { name, more: more.join(say('comma')) }) : name;
  const index = joined(say(`positions.${positions}`), [
    ...(indexBits > 1 ? [say('bits', { bits: indexBits })] : []),
    ...coded(coding.indices),
  ]);
  const entries = joined(say(`values.${values}`, { bits }), coded(coding.values));
  return positions === 'dense' ? entries : say('plus', { index, entries });
}
/** Both halves of a low-rank pair; one text where they are stored alike. */
export const storedTexts = (tensors: readonly StoredTensor[]): string =>
  [...new Set(tensors.map(storedText))].join(say('pair'));
